import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import {
  answerOf,
  createPasskeyWorld,
  type PasskeyWorld,
  personWithPasskey,
  startLogin,
} from "./support/passkey-world.ts";
import type { SoftwareAuthenticator } from "./support/software-authenticator.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ env: { TRUSTED_PROXIES: "127.0.0.0/8" } });
});
afterAll(() => world.stop());

async function loginFrom(browser: TestBrowser, authenticator: SoftwareAuthenticator, headers: Record<string, string>) {
  const { ceremony_id, options } = await startLogin(browser);
  const json = { ceremony_id, credential: authenticator.authenticate(options) };
  const answer = await answerOf(browser.fetch("/api/passkeys/login/finish", { method: "POST", json, headers }));
  expect(answer.status).toBe(200);
}

const listed = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/passkeys"))).body.passkeys;

test("the list tells the browser and address of the last use, and a rename keeps them", async () => {
  const { browser, authenticator } = await personWithPasskey(world);
  expect(await listed(browser)).toMatchObject([{ last_used_at: null, last_used_from: null }]);
  await loginFrom(world.browser(), authenticator, { "user-agent": FIREFOX, "x-forwarded-for": "2001:db8::7" });
  const from = { user_agent: FIREFOX, ip: "2001:db8::7" };
  expect(await listed(browser)).toMatchObject([{ last_used_from: from }]);
  const path = `/api/passkeys/${authenticator.credentialId}`;
  const renamed = await answerOf(browser.fetch(path, { method: "PATCH", json: { name: "Mine" } }));
  expect(renamed.body).toMatchObject({ passkey: { name: "Mine", last_used_from: from } });
});

test("a browser without a name and an overlong one are no fault", async () => {
  const { browser, authenticator } = await personWithPasskey(world);
  await loginFrom(world.browser(), authenticator, { "x-forwarded-for": "unknown" });
  expect(await listed(browser)).toMatchObject([{ last_used_from: null }]);
  await loginFrom(world.browser(), authenticator, { "user-agent": "x".repeat(2_000) });
  expect(await listed(browser)).toMatchObject([{ last_used_from: { user_agent: "x".repeat(512), ip: "127.0.0.1" } }]);
});
