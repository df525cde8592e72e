import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { TestBrowser } from "./browser.ts";
import {
  type AuthenticatorSettings,
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from "./software-authenticator.ts";

export type Started<Options> = { ceremony_id: string; options: Options };

/** Adds a passkey for the signed-in person, as the page does. */
export async function createPasskeyFor(
  browser: TestBrowser,
  settings: AuthenticatorSettings = {},
): Promise<SoftwareAuthenticator> {
  const authenticator = createSoftwareAuthenticator({ origin: browser.origin, ...settings });
  const start = await browser.post("/api/passkeys/register/start");
  if (start.status !== 200) throw new Error(`register/start: ${start.status} ${await start.text()}`);
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialCreationOptionsJSON>;
  const credential = authenticator.register(options);
  const finish = await browser.post("/api/passkeys/register/finish", { ceremony_id, credential });
  if (finish.status !== 201) throw new Error(`register/finish: ${finish.status} ${await finish.text()}`);
  return authenticator;
}

/** Signs in with a passkey; the answer of the finish. */
export async function signInWithPasskey(browser: TestBrowser, authenticator: SoftwareAuthenticator): Promise<Response> {
  const start = await browser.post("/api/passkeys/login/start");
  if (start.status !== 200) throw new Error(`login/start: ${start.status} ${await start.text()}`);
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialRequestOptionsJSON>;
  return browser.post("/api/passkeys/login/finish", { ceremony_id, credential: authenticator.authenticate(options) });
}
