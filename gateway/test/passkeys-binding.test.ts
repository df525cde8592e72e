import { afterAll, beforeAll, expect, test } from "vitest";
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

test("to its browser", async () => {
  const { authenticator, person } = await personWithPasskey(world);
  const browser = world.browser();
  const { ceremony_id, options } = await startLogin(browser);
  const credential = authenticator.authenticate(options);
  for (const elsewhere of [world.browser(), world.browser(person)]) {
    await startLogin(elsewhere);
    const answer = await answerOf(elsewhere.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    expect(answer).toMatchObject({ ...problem(400, "challenge_invalid"), cookies: [] });
  }
  const spent = await answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
  expect(spent).toMatchObject(problem(400, "challenge_invalid"));
});

test("to its kind", async () => {
  const { authenticator, browser } = await personWithPasskey(world);
  const registration = await startRegistration(browser);
  const assertion = authenticator.authenticate({ ...registration.options, rpId: "localhost", allowCredentials: [] });
  const asLogin = { ceremony_id: registration.ceremony_id, credential: assertion };
  const answer = await answerOf(browser.post("/api/passkeys/login/finish", asLogin));
  expect(answer).toMatchObject(problem(400, "challenge_invalid"));

  const signIn = await startLogin(browser);
  const options = { ...registration.options, challenge: signIn.options.challenge };
  const asRegistration = { ceremony_id: signIn.ceremony_id, credential: world.authenticator().register(options) };
  const other = await answerOf(browser.post("/api/passkeys/register/finish", asRegistration));
  expect(other).toMatchObject(problem(400, "challenge_invalid"));
});

test("to the session and the identity of a registration", async () => {
  const person = world.people.add();
  const browser = world.browser(person);
  const { ceremony_id, options } = await startRegistration(browser);
  const other = world.people.add();
  browser.cookies.set("ory_kratos_session", other.cookie);
  const body = { ceremony_id, credential: world.authenticator().register(options) };
  const answer = await answerOf(browser.post("/api/passkeys/register/finish", body));
  expect(answer).toMatchObject(problem(400, "challenge_invalid"));
  expect(await world.credentials.countOf(other.identity.id)).toBe(0);
});

test("to the session, though the person is the same", async () => {
  const { authenticator, browser, person } = await personWithPasskey(world);
  const { ceremony_id, options } = await startRegistration(browser);
  browser.cookies.delete("ory_kratos_session");
  expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
  const body = { ceremony_id, credential: world.authenticator().register(options) };
  const answer = await answerOf(browser.post("/api/passkeys/register/finish", body));
  expect(answer).toMatchObject(problem(400, "challenge_invalid"));
  expect(await world.credentials.countOf(person.identity.id)).toBe(1);
});

test("and spent by the first finish, also an unreadable one", async () => {
  const { authenticator } = await personWithPasskey(world);
  const browser = world.browser();
  for (const junk of [null, {}, { id: 7 }, "x"]) {
    const { ceremony_id, options } = await startLogin(browser);
    const first = await answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential: junk }));
    expect(first).toMatchObject({ ...problem(400, "invalid_request"), cookies: [] });
    const credential = authenticator.authenticate(options);
    const second = await answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    expect(second).toMatchObject(problem(400, "challenge_invalid"));
  }
});

test("an unknown ceremony is refused", async () => {
  const { authenticator } = await personWithPasskey(world);
  const browser = world.browser();
  const { options } = await startLogin(browser);
  const body = { ceremony_id: "A".repeat(43), credential: authenticator.authenticate(options) };
  const answer = await answerOf(browser.post("/api/passkeys/login/finish", body));
  expect(answer).toMatchObject(problem(400, "challenge_invalid"));
});
