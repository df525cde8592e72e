import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstPolicy, type PasskeyPolicy } from "../src/policy/passkey-policy.ts";
import type { KratosPerson } from "./support/kratos-people.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";
import type { SoftwareAuthenticator, Tampering } from "./support/software-authenticator.ts";

let policy: PasskeyPolicy;
let world: PasskeyWorld;
beforeAll(async () => {
  policy = { ...firstPolicy(20), residentKey: "preferred" };
  world = await createPasskeyWorld({ overrides: { policy: async () => policy } });
});
afterAll(() => world.stop());

const unknownEmail = () => `nobody-${randomBytes(6).toString("hex")}@example.com`;
const listFor = async (username: string) => (await startLogin(world.browser(), { username })).options.allowCredentials;

/** Signs in by e-mail first; the finish's answer. */
async function emailFirst(username: string, authenticator: SoftwareAuthenticator, tampering?: Tampering) {
  const browser = world.browser();
  const { ceremony_id, options } = await startLogin(browser, { username });
  const credential = authenticator.authenticate(options, tampering);
  return answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
}

describe("a known address", () => {
  test("leads to its credentials with their transports, oldest first", async () => {
    const { person, browser, authenticator } = await personWithPasskey(world);
    const key = world.authenticator({ credentialId: randomBytes(64) });
    await register(browser, key, { transports: ["usb", "nfc"] });
    expect(await listFor(person.identity.email)).toEqual([
      { id: authenticator.credentialId, type: "public-key", transports: ["internal"] },
      { id: key.credentialId, type: "public-key", transports: ["nfc", "usb"] },
    ]);
  });

  test("is the same in every spelling", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const { email } = person.identity;
    for (const spelling of [email.toUpperCase(), `  ${email} `]) {
      expect(await listFor(spelling)).toMatchObject([{ id: authenticator.credentialId }]);
    }
  });

  test("signs in with a passkey that is not discoverable, which names no account", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const answer = await emailFirst(person.identity.email, authenticator, { userHandle: null });
    expect(answer).toMatchObject({ status: 200, body: { identity: { id: person.identity.id } } });
    expect(answer.cookies).not.toEqual([]);
  });

  test("signs in with a passkey that names the account, too, and with no other account's name", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    expect(await emailFirst(person.identity.email, authenticator)).toMatchObject({ status: 200 });
    const userHandle = randomBytes(64).toString("base64url");
    const forged = await emailFirst(person.identity.email, authenticator, { userHandle });
    expect(forged).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });

  test("is signed in to by its own credentials alone", async () => {
    const [one, other] = [await personWithPasskey(world), await personWithPasskey(world)];
    const answer = await emailFirst(one.person.identity.email, other.authenticator);
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});

test("a sign-in that named nobody needs the user handle", async () => {
  const { authenticator } = await personWithPasskey(world);
  const answer = await login(world.browser(), authenticator, { userHandle: null });
  expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
});

describe("an address without credentials", () => {
  const KINDS: Readonly<Record<string, () => Promise<string>>> = {
    "that nobody has": async () => unknownEmail(),
    "of someone without a passkey": async () => world.people.add().identity.email,
    "of someone deleted": async () => {
      const { person } = await personWithPasskey(world);
      person.deleted = true;
      return person.identity.email;
    },
  };

  test.each(Object.entries(KINDS))("%s gets a list that stays the same, in every spelling", async (_what, make) => {
    const email = await make();
    const list = await listFor(email);
    expect(list).not.toEqual([]);
    for (const { id, type, transports } of list ?? []) {
      expect([16, 20, 32, 48, 64]).toContain(Buffer.from(id, "base64url").length);
      expect({ type, transports }).toEqual({ type: "public-key", transports: expect.any(Array) });
    }
    expect(await listFor(` ${email.toUpperCase()}`)).toEqual(list);
  });

  test.each(Object.entries(KINDS))("%s is answered in the form of one with credentials", async (_what, make) => {
    const known = await personWithPasskey(world);
    const forms = [];
    for (const username of [known.person.identity.email, await make()]) {
      const response = await world.browser().post("/api/passkeys/login/start", { username });
      const text = await response.text();
      const { ceremony_id, options } = JSON.parse(text);
      const descriptors = JSON.stringify(options.allowCredentials);
      const descriptor = JSON.stringify(options.allowCredentials.map((entry: object) => Object.keys(entry)).at(0));
      forms.push({
        status: response.status,
        headers: [...response.headers.keys()].filter((name) => name !== "x-request-id"),
        // Everything but the random values, in its order.
        text: text.replace(descriptors, "[]").replace(ceremony_id, "").replace(options.challenge, ""),
        descriptor,
      });
    }
    expect(forms[0]).toEqual(forms[1]);
  });

  test("keeps its list on another replica and after the session secrets changed", async () => {
    const email = unknownEmail();
    const list = await listFor(email);
    const { databaseUrl, redisUrl } = world.gateway.config;
    const replica = await createPasskeyWorld({
      overrides: { policy: async () => policy },
      env: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, SESSION_SECRETS: randomBytes(32).toString("base64url") },
    });
    try {
      const { options } = await startLogin(replica.browser(), { username: email });
      expect(options.allowCredentials).toEqual(list);
    } finally {
      await replica.stop();
    }
  });

  test("is signed in to by nobody", async () => {
    const { authenticator } = await personWithPasskey(world);
    const answer = await emailFirst(unknownEmail(), authenticator);
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});

test("a deactivated account keeps its list, and only who holds the key learns that it is closed", async () => {
  const { person, authenticator } = await personWithPasskey(world);
  const { email } = person.identity;
  const before = await listFor(email);
  person.active = false;
  expect(await listFor(email)).toEqual(before);
  expect(await emailFirst(email, authenticator, { otherKey: true })).toMatchObject(problem(400, "verification_failed"));
  expect(await emailFirst(email, authenticator)).toMatchObject({ ...problem(403, "forbidden"), cookies: [] });
});

describe("a listed credential id cannot be told from a made-up one", () => {
  const lists = async () => {
    const { person } = await personWithPasskey(world);
    const ids = [];
    for (const email of [person.identity.email, unknownEmail()]) ids.push((await listFor(email))?.[0]?.id ?? "");
    return { real: ids[0] ?? "", decoy: ids[1] ?? "" };
  };

  test.each(["with that address", "with none"])("by a finish with a wrong signature, %s", async (how) => {
    const { real, decoy } = await lists();
    for (const id of [real, decoy]) {
      const forger = world.authenticator();
      const browser = world.browser();
      const start = how === "with none" ? {} : { username: unknownEmail() };
      const { ceremony_id, options } = await startLogin(browser, start);
      const credential = forger.authenticate(options, { id, userHandle: randomBytes(64).toString("base64url") });
      const answer = await answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
      expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
    }
  });

  test("by registering one with the same id", async () => {
    const { real, decoy } = await lists();
    for (const id of [real, decoy]) {
      const forger = world.authenticator({ credentialId: Buffer.from(id, "base64url") });
      const answer = await register(world.browser(world.people.add()), forger);
      expect(answer).toMatchObject(problem(409, "passkey_exists"));
    }
  });

  test("and one that nobody was told is unknown as ever", async () => {
    const stranger = world.authenticator();
    stranger.register((await startRegistration(world.browser(world.people.add()))).options);
    expect(await login(world.browser(), stranger)).toMatchObject(problem(404, "credential_unknown"));
    expect(await emailFirst(unknownEmail(), stranger)).toMatchObject(problem(404, "credential_unknown"));
  });
});

test("Kratos away is an outage for known and unknown alike, and no matter without an address", async () => {
  const { person } = await personWithPasskey(world);
  world.people.away = true;
  try {
    for (const username of [person.identity.email, unknownEmail()]) {
      const answer = await answerOf(world.browser().post("/api/passkeys/login/start", { username }));
      expect(answer).toMatchObject(problem(503, "dependency_unavailable"));
    }
    expect((await world.browser().post("/api/passkeys/login/start", {})).status).toBe(200);
  } finally {
    world.people.away = false;
  }
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
    policy = { ...policy, residentKey: "required" };
  });

  test("the list is empty for everyone, and Kratos is not asked", async () => {
    const { person } = await personWithPasskey(world);
    world.people.away = true;
    try {
      for (const username of [person.identity.email, unknownEmail()]) expect(await listFor(username)).toEqual([]);
    } finally {
      world.people.away = false;
    }
    expect((await startLogin(world.browser(person), { step_up: true })).options.allowCredentials).toEqual([]);
  });

  test("the user handle is needed, e-mail or not", async () => {
    const { person, authenticator } = await personWithPasskey(world);
    const answer = await emailFirst(person.identity.email, authenticator, { userHandle: null });
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});
