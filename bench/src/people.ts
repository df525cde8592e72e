import { createBrowser, type TestBrowser } from "../../gateway/test/support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "../../gateway/test/support/passkey-steps.ts";
import { createPerson, signUp } from "../../gateway/test/support/people.ts";
import type { SoftwareAuthenticator } from "../../gateway/test/support/software-authenticator.ts";

/** A browser without a session and the authenticator that signs its owner in. */
export type PasskeyOwner = { readonly browser: TestBrowser; readonly authenticator: SoftwareAuthenticator };

export const cookieHeader = ({ cookies }: TestBrowser) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

/** Signs a new person up over HTTP; the browser holds a password session alone. */
export async function createPasswordSession(origin: string): Promise<TestBrowser> {
  const browser = createBrowser(origin);
  await signUp(browser, createPerson("bench"));
  return browser;
}

/** Signs a new person up and gives them a passkey over HTTP. */
export async function createPasskeyOwner(origin: string): Promise<PasskeyOwner> {
  const authenticator = await createPasskeyFor(await createPasswordSession(origin));
  return { browser: createBrowser(origin), authenticator };
}

/** Signs a new person in with a passkey over HTTP; the browser holds a passkey session alone. */
export async function createPasskeySession(origin: string): Promise<TestBrowser> {
  const { browser, authenticator } = await createPasskeyOwner(origin);
  const answer = await signInWithPasskey(browser, authenticator);
  if (answer.status !== 200) throw new Error(`login/finish: ${answer.status} ${await answer.text()}`);
  return browser;
}

/** Makes a new person's browser with a session of this kind alone. */
export const SESSIONS = { passkey: createPasskeySession, password: createPasswordSession };
