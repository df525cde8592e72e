import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmailFirstWorld, type EmailFirstWorld, unknownEmail } from "./support/email-first-world.ts";
import {
  answerOf,
  login,
  personWithPasskey,
  problem,
  register,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";

let world: EmailFirstWorld;
beforeAll(async () => {
  world = await createEmailFirstWorld();
});
afterAll(() => world.stop());

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
    const list = await world.listFor(email);
    expect(list).not.toEqual([]);
    for (const { id, type, transports } of list) {
      expect([16, 20, 32, 48, 64]).toContain(Buffer.from(id, "base64url").length);
      expect({ type, transports }).toEqual({ type: "public-key", transports: expect.any(Array) });
    }
    expect(await world.listFor(` ${email.toUpperCase()}`)).toEqual(list);
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
    const list = await world.listFor(email);
    const { databaseUrl, redis } = world.gateway.config;
    const replica = await createEmailFirstWorld({
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.urls.join(),
      SESSION_SECRETS: randomBytes(32).toString("base64url"),
    });
    try {
      expect(await replica.listFor(email)).toEqual(list);
    } finally {
      await replica.stop();
    }
  });

  test("is signed in to by nobody", async () => {
    const { authenticator } = await personWithPasskey(world);
    const answer = await world.emailFirst(unknownEmail(), authenticator);
    expect(answer).toMatchObject({ ...problem(400, "verification_failed"), cookies: [] });
  });
});

test("a deactivated account keeps its list, and only who holds the key learns that it is closed", async () => {
  const { person, authenticator } = await personWithPasskey(world);
  const { email } = person.identity;
  const before = await world.listFor(email);
  person.active = false;
  expect(await world.listFor(email)).toEqual(before);
  expect(await world.emailFirst(email, authenticator, { otherKey: true })).toMatchObject(
    problem(400, "verification_failed"),
  );
  expect(await world.emailFirst(email, authenticator)).toMatchObject({ ...problem(403, "forbidden"), cookies: [] });
});

describe("a listed credential id cannot be told from a made-up one", () => {
  const lists = async () => {
    const { person } = await personWithPasskey(world);
    const ids = [];
    for (const email of [person.identity.email, unknownEmail()]) ids.push((await world.listFor(email))[0]?.id ?? "");
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
    expect(await world.emailFirst(unknownEmail(), stranger)).toMatchObject(problem(404, "credential_unknown"));
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
