import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPasskeyWorld, login, type PasskeyWorld, register } from "./support/passkey-world.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ overrides: { log } });
});
afterAll(() => world.stop());

const audited = (identityId: string) => lines.filter((line) => line.audit === true && line.identity_id === identityId);

test("a passkey's life is audited, without a secret", async () => {
  const person = world.people.add();
  const browser = world.browser(person);
  const authenticator = world.authenticator({ counter: 1 });
  const path = `/api/passkeys/${authenticator.credentialId}`;
  await register(browser, authenticator);
  await login(world.browser(), authenticator);
  await login(world.browser(), authenticator, { counter: 1 });
  await login(world.browser(), authenticator, { counter: 1, otherKey: true });
  await browser.fetch(path, { method: "PATCH", json: { name: "Mine" } });
  await browser.fetch(path, { method: "DELETE" });

  const events = audited(person.identity.id);
  expect(events.map(({ event }) => event)).toEqual([
    "passkey.registered",
    "passkey.signed_in",
    "passkey.counter_step_back",
    "passkey.renamed",
    "passkey.removed",
  ]);
  for (const event of events) expect(event.credential_id).toBe(authenticator.credentialId);
  expect(events[2]).toMatchObject({ stored: 2, received: 1 });
  const text = JSON.stringify(lines);
  for (const secret of [person.cookie, ...browser.cookies.values()]) expect(text).not.toContain(secret);
});

test("refusing a deactivated and a deleted person is audited", async () => {
  const person = world.people.add();
  const authenticator = world.authenticator();
  await register(world.browser(person), authenticator);
  person.active = false;
  await login(world.browser(), authenticator);
  person.deleted = true;
  await login(world.browser(), authenticator);
  expect(audited(person.identity.id)).toMatchObject([
    { event: "passkey.registered" },
    { event: "passkey.sign_in_refused", reason: "identity_inactive" },
    { event: "passkey.sign_in_refused", reason: "identity_gone" },
  ]);
});
