import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

test("options are alike for a known, an unknown and no username", async () => {
  const { person } = await personWithPasskey(world);
  for (const body of [{}, { username: person.identity.email }, { username: "nobody@example.com" }]) {
    const { options } = await startLogin(world.browser(), body);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: "localhost",
      allowCredentials: [],
      timeout: 300_000,
      userVerification: "required",
    });
  }
});

describe("autofill and the button open at once in one browser", () => {
  async function openBoth() {
    const { authenticator } = await personWithPasskey(world);
    const browser = world.browser();
    const autofill = await startLogin(browser);
    const button = await startLogin(browser);
    const finish = ({ ceremony_id, options }: typeof button) => {
      const credential = authenticator.authenticate(options);
      return answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    };
    return { browser, authenticator, autofill, button, finish };
  }

  test.each(["autofill", "button"] as const)("%s finishes first, and the other still may", async (first) => {
    const { finish, ...both } = await openBoth();
    const second = first === "autofill" ? "button" : "autofill";
    for (const which of [first, second] as const) expect((await finish(both[which])).status).toBe(200);
    expect(await finish(both[first])).toMatchObject(problem(400, "challenge_invalid"));
  });

  test("one that is refused leaves the other good", async () => {
    const { finish, browser, authenticator, autofill, button } = await openBoth();
    const credential = authenticator.authenticate(button.options, { otherKey: true });
    const body = { ceremony_id: button.ceremony_id, credential };
    const refused = await answerOf(browser.post("/api/passkeys/login/finish", body));
    expect(refused).toMatchObject(problem(400, "verification_failed"));
    expect((await finish(autofill)).status).toBe(200);
  });

  test("the answer to one is none to the other", async () => {
    const { browser, authenticator, autofill, button } = await openBoth();
    const credential = authenticator.authenticate(autofill.options);
    const body = { ceremony_id: button.ceremony_id, credential };
    const answer = await answerOf(browser.post("/api/passkeys/login/finish", body));
    expect(answer).toMatchObject(problem(400, "verification_failed"));
  });

  test("both finish at the same time", async () => {
    const { finish, autofill, button } = await openBoth();
    const answers = await Promise.all([finish(autofill), finish(button)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

test("a counter that steps back or stands still is refused, one that rises goes on", async () => {
  const { authenticator, person } = await personWithPasskey(world, { counter: 5 });
  expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  for (const counter of [6, 5, 0]) {
    const answer = await login(world.browser(), authenticator, { counter });
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  }
  expect(await login(world.browser(), authenticator, { counter: 2 ** 32 - 1 })).toMatchObject({ status: 200 });
  expect(await world.credentials.listOf(person.identity.id)).toMatchObject([{ counter: 2 ** 32 - 1 }]);
});

test("an authenticator without a counter signs in again and again with 0", async () => {
  const { authenticator, person } = await personWithPasskey(world, { counter: null });
  for (const counter of [0, 0, 0])
    expect(await login(world.browser(), authenticator, { counter })).toMatchObject({ status: 200 });
  expect(await world.credentials.listOf(person.identity.id)).toMatchObject([{ counter: 0 }]);
  expect(await login(world.browser(), authenticator, { counter: 9 })).toMatchObject({ status: 200 });
  expect(await login(world.browser(), authenticator, { counter: 0 })).toMatchObject({ status: 400 });
});

test("the backup state follows the authenticator, both ways", async () => {
  const { authenticator, person } = await personWithPasskey(world, { flags: { be: true, bs: true } });
  for (const bs of [false, true, false]) {
    await login(world.browser(), authenticator, { flags: { be: true, bs } });
    expect(await world.credentials.listOf(person.identity.id)).toMatchObject([{ backedUp: bs }]);
  }
});

test("a credential that is not registered here is unknown", async () => {
  const stranger = world.authenticator();
  const { options } = await startRegistration(world.browser(world.people.add()));
  stranger.register(options);
  expect(await login(world.browser(), stranger)).toMatchObject({
    ...problem(404, "credential_unknown"),
    cookies: [],
  });
});

test("a deactivated person is refused once they proved who they are", async () => {
  const { authenticator, person } = await personWithPasskey(world);
  person.active = false;
  const forged = await login(world.browser(), authenticator, { otherKey: true });
  expect(forged).toMatchObject(problem(400, "verification_failed"));
  const answer = await login(world.browser(), authenticator);
  expect(answer).toMatchObject({ ...problem(403, "forbidden"), cookies: [] });
  person.active = true;
  expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
});

test("a deleted person is refused, and no row is lost over it", async () => {
  const { authenticator, person } = await personWithPasskey(world);
  person.deleted = true;
  const answer = await login(world.browser(), authenticator);
  expect(answer).toMatchObject({ ...problem(403, "forbidden"), cookies: [] });
  expect(await world.credentials.countOf(person.identity.id)).toBe(1);
});

test("Kratos away is an outage and costs nothing", async () => {
  const { authenticator, person } = await personWithPasskey(world);
  world.people.away = true;
  const answer = await login(world.browser(), authenticator).finally(() => {
    world.people.away = false;
  });
  expect(answer).toMatchObject({ ...problem(503, "dependency_unavailable"), cookies: [] });
  expect(await world.credentials.countOf(person.identity.id)).toBe(1);
});

test("a step-up is for the one who is signed in", async () => {
  const own = await personWithPasskey(world);
  const other = await personWithPasskey(world);
  const nobody = await answerOf(world.browser().post("/api/passkeys/login/start", { step_up: true }));
  expect(nobody).toMatchObject(problem(401, "unauthenticated"));
  for (const [authenticator, status] of [
    [other.authenticator, 400],
    [own.authenticator, 200],
  ] as const) {
    const { ceremony_id, options } = await startLogin(own.browser, { step_up: true });
    const credential = authenticator.authenticate(options);
    const answer = await answerOf(own.browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    expect(answer.status).toBe(status);
  }
});
