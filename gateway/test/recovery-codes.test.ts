import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KratosPerson } from "./support/kratos-people.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, problem, register } from "./support/passkey-world.ts";
import { codesLeft, createCodes, personWithCodes, redeem } from "./support/recovery-steps.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
let now: Date | null = null;

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ overrides: { log, clock: () => now ?? new Date() } });
});
afterAll(() => world.stop());

const withCodes = () => personWithCodes(world);
const tryCode = (email: string, code: unknown, browser = world.browser()) => redeem(browser, email, code);
const audited = ({ identity }: KratosPerson) =>
  lines.filter((line) => line.audit === true && line.identity_id === identity.id);

test("ten are made, shown once, and counted", async () => {
  const { browser, codes } = await withCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
  expect(await codesLeft(browser)).toEqual({ remaining: 10, created_at: expect.stringMatching(/Z$/) });
  expect(await codesLeft(world.browser(world.people.add()))).toEqual({ remaining: 0, created_at: null });
  expect(await answerOf(world.browser().fetch("/api/recovery-codes"))).toMatchObject(problem(401, "unauthenticated"));
  expect(await answerOf(world.browser().post("/api/recovery-codes"))).toMatchObject(problem(401, "unauthenticated"));
});

test("none lies in the database as it is shown, nor in the log", async () => {
  const { codes } = await withCodes();
  const rows = JSON.stringify(
    (await world.database("recovery_codes")).map(({ hash }) => [hash.toString("latin1"), hash.toString("hex")]),
  );
  for (const code of codes) {
    for (const text of [code, code.replace("-", "")]) {
      expect(rows).not.toContain(text);
      expect(JSON.stringify(lines)).not.toContain(text);
    }
  }
});

test("making them needs a recent sign-in", async () => {
  const { person, browser } = await withCodes();
  person.authenticatedAt = new Date(Date.now() - 3_600_000);
  expect(await answerOf(browser.post("/api/recovery-codes"))).toMatchObject(problem(403, "reauthentication_required"));
});

test("a new set voids the old one", async () => {
  const { person, browser, codes } = await withCodes();
  const [first = "", second = ""] = codes;
  await tryCode(person.identity.email, first);
  const next = await createCodes(browser);
  expect(await codesLeft(browser)).toMatchObject({ remaining: 10 });
  expect(await tryCode(person.identity.email, second)).toMatchObject(problem(401, "recovery_failed"));
  expect(await tryCode(person.identity.email, next[0])).toMatchObject({ status: 200 });
});

describe("a sign-in with one", () => {
  test("makes a session of its own kind, and spends it", async () => {
    const { person, codes, browser: there } = await withCodes();
    const browser = world.browser();
    const { email } = person.identity;
    const signedIn = await tryCode(email, codes[0], browser);
    expect(signedIn).toMatchObject({
      status: 200,
      body: {
        auth_method: "recovery_code",
        methods: ["recovery_code"],
        aal: "aal1",
        amr: ["otp"],
        identity: { id: person.identity.id },
        sessions: { passkey: { id: expect.any(String) }, password: null },
      },
    });
    const { auth_method, aal, amr, identity } = signedIn.body;
    const seen = await answerOf(browser.fetch("/api/auth/session"));
    expect(seen.body).toMatchObject({ authenticated: true, auth_method, aal, amr, identity });
    expect(await codesLeft(there)).toMatchObject({ remaining: 9 });
    expect(await tryCode(email, codes[0])).toMatchObject(problem(401, "recovery_failed"));
    expect(await codesLeft(there)).toMatchObject({ remaining: 9 });
    expect(audited(person)).toMatchObject([
      { event: "recovery_codes.created" },
      { event: "recovery_code.used", remaining: 9 },
      { event: "recovery_code.refused" },
    ]);
  });

  test("takes the code and the e-mail as people write them", async () => {
    const { person, codes } = await withCodes();
    const [first = "", second = ""] = codes;
    const email = person.identity.email;
    expect(await tryCode(` ${email.toUpperCase()} `, first.toUpperCase().replace("-", " "))).toMatchObject({
      status: 200,
    });
    const misread = second.replace("-", "").replaceAll("0", "O").replaceAll("1", "l");
    expect(await tryCode(email, misread)).toMatchObject({ status: 200 });
  });

  test("of ten at once with the same code exactly one succeeds", async () => {
    const { person, codes, browser } = await withCodes();
    const world10 = await Promise.all(Array.from({ length: 10 }, () => tryCode(person.identity.email, codes[3])));
    expect(world10.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
    expect(await codesLeft(browser)).toMatchObject({ remaining: 9 });
  });

  test("adds no factor to a password", async () => {
    const { person, codes, browser } = await withCodes();
    expect(await tryCode(person.identity.email, codes[0], browser)).toMatchObject({
      body: { auth_method: "recovery_code", methods: ["password", "recovery_code"], aal: "aal1", amr: ["otp", "pwd"] },
    });
  });

  test("ends another identity's session in that browser", async () => {
    const { person, codes } = await withCodes();
    const shared = world.browser(world.people.add());
    expect(await tryCode(person.identity.email, codes[0], shared)).toMatchObject({
      body: { identity: { id: person.identity.id }, sessions: { password: null } },
    });
    expect(shared.cookies.has("ory_kratos_session")).toBe(false);
  });
});

describe("signed in with one", () => {
  test("a passkey can be added, which then is as good as any", async () => {
    const { person, codes } = await withCodes();
    const browser = world.browser();
    await tryCode(person.identity.email, codes[0], browser);
    const authenticator = world.authenticator();
    expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
    expect(await login(world.browser(), authenticator)).toMatchObject({ body: { aal: "aal2", methods: ["passkey"] } });
  });

  test("the password is not opened: that way needs a passkey", async () => {
    const { person, codes } = await withCodes();
    const browser = world.browser();
    await tryCode(person.identity.email, codes[0], browser);
    const asked = await answerOf(browser.post("/api/auth/password-reset"));
    expect(asked).toMatchObject(problem(403, "reauthentication_required"));
  });

  test("it is recent for a quarter of an hour", async () => {
    const { person, codes } = await withCodes();
    const browser = world.browser();
    await tryCode(person.identity.email, codes[0], browser);
    try {
      now = new Date(Date.now() + 14 * 60_000);
      expect(await answerOf(browser.post("/api/passkeys/register/start"))).toMatchObject({ status: 200 });
      now = new Date(Date.now() + 16 * 60_000);
      const late = await answerOf(browser.post("/api/passkeys/register/start"));
      expect(late).toMatchObject(problem(403, "reauthentication_required"));
    } finally {
      now = null;
    }
  });

  test("codes do not count as a way in: the last passkey stays", async () => {
    const { person, codes } = await withCodes();
    const browser = world.browser();
    await tryCode(person.identity.email, codes[0], browser);
    const authenticator = world.authenticator();
    await register(browser, authenticator);
    person.hasPassword = false;
    const removed = browser.fetch(`/api/passkeys/${authenticator.credentialId}`, { method: "DELETE" });
    expect(await answerOf(removed)).toMatchObject(problem(409, "last_sign_in_method"));
  });
});
