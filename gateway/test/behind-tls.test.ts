import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, type Started } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const PUBLIC_URL = "https://app.test";

let plain: RunningGateway;
let gateway: RunningGateway;
beforeAll(async () => {
  const DATABASE_URL = await createTestDatabase();
  plain = await startGateway({
    env: { DATABASE_URL, PASSKEY_RP_ID: "localhost", PASSKEY_RELATED_ORIGINS: PUBLIC_URL },
  });
  gateway = await startGateway({ env: { DATABASE_URL, PUBLIC_URL, PASSKEY_RP_ID: "app.test" } });
});
afterAll(() => Promise.all([plain.stop(), gateway.stop()]));

const post = (browser: TestBrowser, path: string, json: unknown = {}) =>
  browser.fetch(path, { method: "POST", json, headers: { origin: PUBLIC_URL } });

it("sends Secure cookies with the host prefix where another server ends TLS, trusted or not", async () => {
  const owner = createBrowser(plain.origin);
  await signUp(owner, createPerson());
  const authenticator = await createPasskeyFor(owner);

  const browser = createBrowser(gateway.origin);
  const start = await post(browser, "/api/passkeys/login/start");
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialRequestOptionsJSON>;
  const credential = authenticator.authenticate(options, { origin: PUBLIC_URL });
  const finish = await post(browser, "/api/passkeys/login/finish", { ceremony_id, credential });
  expect(finish.status).toBe(200);
  const cookies = [...start.headers.getSetCookie(), ...finish.headers.getSetCookie()];
  expect(cookies.map((cookie) => cookie.split("=", 1)[0])).toEqual([
    "__Host-passbridge_browser",
    "__Host-passbridge_session",
  ]);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).not.toMatch(/; Domain/);
  }
  const session = await browser.fetch("/api/auth/session");
  expect(await session.json()).toMatchObject({ authenticated: true, methods: ["passkey"] });
});
