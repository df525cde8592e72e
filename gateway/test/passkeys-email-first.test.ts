import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmailFirstWorld, type EmailFirstWorld, unknownEmail } from "./support/email-first-world.ts";
import type { KratosPerson } from "./support/kratos-people.ts";
import { answerOf, login, personWithPasskey, problem, register, startLogin } from "./support/passkey-world.ts";
import type { SoftwareAuthenticator, Tampering } from "./support/software-authenticator.ts";

let world: EmailFirstWorld;
beforeAll(async () => {
  world = await createEmailFirstWorld();
});
afterAll(() => world.stop());

describe("a known address", () => {
  test("leads to its credentials with their transports, oldest first", async () => {
    const { person, browser, authenticator } = await personWithPasskey(world);
    const key = world.authenticator({ credentialId: randomBytes(64) });
    await register(browser, key, { transports: ["usb", "nfc"] });
    expect(await world.listFor(person.identity.email)).toEqual([
      { id: authenticator.credentialId, type: "public-key", transports: ["internal"] },
      { id: key.credentialId, type: "public-key", transports: ["nfc", "usb"] },
    ]);
  });

  test("is the same in every spelling", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const { email } = person.identity;
    for (const spelling of [email.toUpperCase(), `  ${email} `]) {
      expect(await world.listFor(spelling)).toMatchObject([{ id: authenticator.credentialId }]);
    }
  });

  test("signs in with a passkey that is not discoverable, which names no account", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const answer = await world.emailFirst(person.identity.email, authenticator, { userHandle: null });
    expect(answer).toMatchObject({ status: 200, body: { identity: { id: person.identity.id } } });
    expect(answer.cookies).not.toEqual([]);
  });

  test("signs in with a passkey that names the account, too, and with no other account's name", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    expect(await world.emailFirst(person.identity.email, authenticator)).toMatchObject({ status: 200 });
    const userHandle = randomBytes(64).toString("base64url");
    const forged = await world.emailFirst(person.identity.email, authenticator, { userHandle });
    expect(forged).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });

  test("is signed in to by its own credentials alone", async () => {
    const [one, other] = [await personWithPasskey(world), await personWithPasskey(world)];
    const answer = await world.emailFirst(one.person.identity.email, other.authenticator);
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});

test("a sign-in that named nobody needs the user handle", async () => {
  const { authenticator } = await personWithPasskey(world);
  const answer = await login(world.browser(), authenticator, { userHandle: null });
  expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
});

test.each(["nobody", "", " ", "a\u0000@example.com", { $ne: null }, 7])(
  "the username %j is refused",
  async (username) => {
    const answer = await answerOf(world.browser().post("/api/passkeys/login/start", { username }));
    expect(answer).toMatchObject(problem(400, "invalid_request"));
  },
);

describe("a step-up", () => {
  const stepUp = async (person: KratosPerson, authenticator: SoftwareAuthenticator, tampering?: Tampering) => {
    const browser = world.browser(person);
    const { ceremony_id, options } = await startLogin(browser, { step_up: true });
    const credential = authenticator.authenticate(options, tampering);
    const answer = await answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
    return { options, answer };
  };

  test("lists one's own credentials, so that a key without resident ones may step up", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const { options, answer } = await stepUp(person, authenticator, { userHandle: null });
    expect(options.allowCredentials).toMatchObject([{ id: authenticator.credentialId }]);
    expect(answer.status).toBe(200);
  });

  test("of someone without a passkey lists none, and needs the user handle", async () => {
    const other = await personWithPasskey(world);
    const { options, answer } = await stepUp(world.people.add(), other.authenticator, { userHandle: null });
    expect(options.allowCredentials).toEqual([]);
    expect(answer).toMatchObject(problem(400, "verification_failed"));
  });
});

describe("while the policy makes every credential discoverable", () => {
  beforeAll(() => {
    world.changePolicy({ residentKey: "required" });
  });

  test("the list is empty for everyone, and Kratos is not asked", async () => {
    const { person } = await personWithPasskey(world);
    world.people.away = true;
    try {
      for (const username of [person.identity.email, unknownEmail()]) expect(await world.listFor(username)).toEqual([]);
    } finally {
      world.people.away = false;
    }
    expect((await startLogin(world.browser(person), { step_up: true })).options.allowCredentials).toEqual([]);
  });

  test("the user handle is needed, e-mail or not", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const answer = await world.emailFirst(person.identity.email, authenticator, { userHandle: null });
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});
