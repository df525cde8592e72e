import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Answer,
  answerOf,
  createPasskeyWorld,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";

const TEN = Array.from({ length: 10 }, (_, index) => index);
const FIVE_MINUTES = 300_000;

let now = Date.now();
let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ overrides: { clock: () => new Date(now) } });
});
afterAll(() => world.stop());
beforeEach(() => {
  now = Date.now();
});

const spent = problem(400, "challenge_invalid");

function expectOneOf(answers: readonly Answer[], status: number): void {
  expect(answers.filter((answer) => answer.status === status)).toHaveLength(1);
  for (const answer of answers.filter((other) => other.status !== status)) {
    expect(answer).toMatchObject({ ...spent, cookies: [] });
  }
}

describe("of ten parallel identical finishes exactly one succeeds", () => {
  test("at registration, and one passkey is there", async () => {
    const person = world.people.add();
    const browser = world.browser(person);
    const { ceremony_id, options } = await startRegistration(browser);
    const body = { ceremony_id, credential: world.authenticator().register(options) };
    const answers = await Promise.all(TEN.map(() => answerOf(browser.post("/api/passkeys/register/finish", body))));
    expectOneOf(answers, 201);
    expect(await world.credentials.countOf(person.identity.id)).toBe(1);
  });

  test.each([0, null])("at sign-in with the counter %s, and one session is made", async (counter) => {
    const { authenticator } = await personWithPasskey(world, { counter });
    const browser = world.browser();
    const { ceremony_id, options } = await startLogin(browser);
    const body = { ceremony_id, credential: authenticator.authenticate(options) };
    const answers = await Promise.all(TEN.map(() => answerOf(browser.post("/api/passkeys/login/finish", body))));
    expectOneOf(answers, 200);
  });
});

describe("of browsers that race for one challenge", () => {
  test("the one that did not start it never gets in", async () => {
    const { authenticator } = await personWithPasskey(world);
    for (const _attempt of TEN) {
      const [own, other] = [world.browser(), world.browser()];
      const { ceremony_id, options } = await startLogin(own);
      await startLogin(other);
      const body = { ceremony_id, credential: authenticator.authenticate(options) };
      const finish = (browser: typeof own) => answerOf(browser.post("/api/passkeys/login/finish", body));
      const [first, second] = await Promise.all([finish(own), finish(other)]);
      expect(second).toMatchObject({ ...spent, cookies: [] });
      expect([200, 400]).toContain(first.status);
      expect(await (await other.fetch("/api/auth/session")).json()).toEqual({ authenticated: false });
    }
  });

  test("with one binding secret, one gets in", async () => {
    const { authenticator } = await personWithPasskey(world);
    for (const _attempt of TEN) {
      const [own, copy] = [world.browser(), world.browser()];
      const { ceremony_id, options } = await startLogin(own);
      for (const [name, value] of own.cookies) copy.cookies.set(name, value);
      const body = { ceremony_id, credential: authenticator.authenticate(options) };
      const finish = (browser: typeof own) => answerOf(browser.post("/api/passkeys/login/finish", body));
      expectOneOf(await Promise.all([finish(own), finish(copy)]), 200);
    }
  });

  test("at registration, the one of another person never gets a passkey", async () => {
    const [person, thief] = [world.people.add(), world.people.add()];
    const [own, other] = [world.browser(person), world.browser(thief)];
    const { ceremony_id, options } = await startRegistration(own);
    for (const [name, value] of own.cookies) if (name !== "ory_kratos_session") other.cookies.set(name, value);
    const body = { ceremony_id, credential: world.authenticator().register(options) };
    const finish = (browser: typeof own) => answerOf(browser.post("/api/passkeys/register/finish", body));
    const [, stolen] = await Promise.all([finish(own), finish(other)]);
    expect(stolen).toMatchObject(spent);
    expect(await world.credentials.countOf(thief.identity.id)).toBe(0);
  });
});

describe("with the clock past its expiry a challenge is refused, a moment before it is not", () => {
  test.each([
    [FIVE_MINUTES - 1, 200],
    [FIVE_MINUTES, 400],
    [FIVE_MINUTES + 60_000, 400],
  ])("at sign-in after %i ms", async (later, status) => {
    const { authenticator } = await personWithPasskey(world);
    const browser = world.browser();
    const { ceremony_id, options } = await startLogin(browser);
    const body = { ceremony_id, credential: authenticator.authenticate(options) };
    now += later;
    const answer = await answerOf(browser.post("/api/passkeys/login/finish", body));
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer).toMatchObject({ ...spent, cookies: [] });
  });

  test.each([
    [FIVE_MINUTES - 1, 201],
    [FIVE_MINUTES, 400],
  ])("at registration after %i ms", async (later, status) => {
    const browser = world.browser(world.people.add());
    const { ceremony_id, options } = await startRegistration(browser);
    const body = { ceremony_id, credential: world.authenticator().register(options) };
    now += later;
    expect((await answerOf(browser.post("/api/passkeys/register/finish", body))).status).toBe(status);
  });
});
