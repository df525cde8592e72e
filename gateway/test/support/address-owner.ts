import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { codeIn, type Mail, type Mailbox } from "../../../scripts/parts/mailbox.ts";
import type { TestBrowser } from "./browser.ts";
import type { Started } from "./passkey-steps.ts";
import { createSoftwareAuthenticator } from "./software-authenticator.ts";

const VERIFICATION = "/.ory/kratos/self-service/verification";

type Flow = { id: string; state: string; ui: { nodes: { attributes: { name?: string; value?: unknown } }[] } };

/** Signs up by passkey, as the page does; the page on which the code is entered. */
export async function signUpWithPasskey(browser: TestBrowser, email: string) {
  const authenticator = createSoftwareAuthenticator({ origin: browser.origin });
  const start = await browser.post("/api/passkeys/signup/start", { email });
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialCreationOptionsJSON>;
  const body = { ceremony_id, credential: authenticator.register(options) };
  const finish = await browser.post("/api/passkeys/signup/finish", body);
  if (finish.status !== 201) throw new Error(`signup/finish: ${finish.status} ${await finish.text()}`);
  return { authenticator, page: finish.headers.get("location") ?? "" };
}

/** The newest mail that brings a verification code, unless it is the one given. */
export const verificationMail = (mailbox: Mailbox, email: string, old?: Mail): Promise<Mail> =>
  mailbox.waitFor(email, ({ id, subject }) => subject.startsWith("Your code") && id !== old?.id);

/** The way the mail's link takes a browser: to Kratos, and from there to the page of the flow. */
export async function openLink(browser: TestBrowser, mail: Mail): Promise<string> {
  const link = new URL(/https?:\/\/\S+/.exec(mail.text)?.[0] ?? "");
  const answer = await browser.fetch(link.pathname + link.search);
  return new URL(answer.headers.get("location") ?? "").search;
}

/** Enters a code on the page of a verification flow. */
export async function enterCode(browser: TestBrowser, page: string, code: string): Promise<Response> {
  const flow = new URL(page, browser.origin).searchParams.get("flow");
  return browser.post(`${VERIFICATION}?flow=${flow}`, { method: "code", code });
}

/** Asks for a new code by a flow of this browser's own. */
export async function askForCode(browser: TestBrowser, email: string): Promise<string> {
  const flow = (await (await browser.fetch(`${VERIFICATION}/browser`)).json()) as Flow;
  const csrf_token = flow.ui.nodes.find(({ attributes }) => attributes.name === "csrf_token")?.attributes.value;
  await browser.post(`${VERIFICATION}?flow=${flow.id}`, { method: "code", email, csrf_token });
  return `?flow=${flow.id}`;
}

/** The owner of an address opens the mail in a browser of their own and confirms. */
export async function verifyByLink(browser: TestBrowser, email: string, mailbox: Mailbox): Promise<Response> {
  const mail = await verificationMail(mailbox, email);
  return enterCode(browser, await openLink(browser, mail), codeIn(mail));
}

/** Whether Kratos says that the signed-in person's address is verified; null when nobody is signed in. */
export async function addressVerified(browser: TestBrowser): Promise<boolean | null> {
  const answer = await browser.fetch("/api/auth/session");
  const session = (await answer.json()) as { authenticated: boolean; identity?: { email_verified: boolean } };
  return session.identity?.email_verified ?? null;
}
