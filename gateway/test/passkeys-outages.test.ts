import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  register,
  startLogin,
} from "./support/passkey-world.ts";

let stack: TestStack;
let world: PasskeyWorld;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres", "redis"] });
  world = await createPasskeyWorld({ stack });
});
afterAll(async () => {
  await world.stop();
  await stack.stop();
});

const outage = { status: 503, body: { code: "dependency_unavailable" }, cookies: [] };

test("PostgreSQL away: ceremonies and lists answer 503, and recover without a restart", async () => {
  const browser = world.browser(world.people.add());
  const authenticator = world.authenticator();
  expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
  const { ceremony_id, options } = await startLogin(browser);
  const credential = authenticator.authenticate(options);

  await stack.postgres.stop();
  const path = `/api/passkeys/${authenticator.credentialId}`;
  const calls = [
    () => browser.post("/api/passkeys/login/finish", { ceremony_id, credential }),
    () => browser.post("/api/passkeys/register/start"),
    () => browser.fetch("/api/passkeys"),
    () => browser.fetch("/api/passkeys/available"),
    () => browser.fetch(path, { method: "PATCH", json: { name: "x" } }),
    () => browser.fetch(path, { method: "DELETE" }),
  ];
  for (const call of calls) expect(await answerOf(call())).toMatchObject(outage);

  await stack.postgres.start();
  const healed = () => login(world.browser(), authenticator).then(({ status }) => status);
  await expect.poll(healed, { timeout: 15_000 }).toBe(200);
});

test("Redis away: ceremonies answer 503, lists go on by password, and all recovers without a restart", async () => {
  const browser = world.browser(world.people.add());
  const authenticator = world.authenticator();
  expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
  const { ceremony_id, options } = await startLogin(browser);
  const credential = authenticator.authenticate(options);

  await stack.redis.stop();
  for (const call of [
    () => browser.post("/api/passkeys/login/start"),
    () => browser.post("/api/passkeys/register/start"),
    () => browser.post("/api/passkeys/login/finish", { ceremony_id, credential }),
  ]) {
    const { status, body } = await answerOf(call());
    expect({ status, body }).toMatchObject({ status: 503, body: { code: "dependency_unavailable" } });
  }
  expect(await answerOf(browser.fetch("/api/passkeys"))).toMatchObject({ status: 200 });

  await stack.redis.start();
  const healed = () =>
    login(world.browser(), authenticator).then(
      ({ status }) => status,
      () => "away",
    );
  await expect.poll(healed, { timeout: 15_000 }).toBe(200);
});
