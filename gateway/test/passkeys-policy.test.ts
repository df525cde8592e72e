import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { firstPolicy, type PasskeyPolicy } from "../src/policy/passkey-policy.ts";
import type { TestBrowser } from "./support/browser.ts";
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

const KEY = "cb69481e-8ff7-4039-93ec-0a2729a154a8";
const OTHER = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
const NOT_VERIFIED = { flags: { uv: false } };
const notAllowed = problem(403, "authenticator_not_allowed");

let policy: PasskeyPolicy = firstPolicy(20);
const ask = (changes: Partial<PasskeyPolicy>) => {
  policy = { ...firstPolicy(20), ...changes };
};

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ overrides: { log, policy: async () => policy } });
});
afterAll(() => world.stop());
afterEach(() => ask({}));

const someone = () => world.browser(world.people.add());

async function finish(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  { ceremony_id, options }: Awaited<ReturnType<typeof startRegistration>>,
  tampering?: Tampering,
) {
  const credential = authenticator.register(options, tampering);
  return answerOf(browser.post("/api/passkeys/register/finish", { ceremony_id, credential }));
}

describe("a registration's options follow the policy", () => {
  test.each([
    ["required", true],
    ["preferred", false],
    ["discouraged", false],
  ] as const)("resident key %s", async (residentKey, requireResidentKey) => {
    ask({ residentKey });
    const { options } = await startRegistration(someone());
    expect(options.authenticatorSelection).toMatchObject({ residentKey, requireResidentKey });
  });

  test.each(["platform", "cross-platform"] as const)("attachment %s", async (authenticatorAttachment) => {
    ask({ authenticatorAttachment });
    const { options } = await startRegistration(someone());
    expect(options.authenticatorSelection).toMatchObject({ authenticatorAttachment });
    expect(options.hints).toEqual([]);
  });

  test.each(["none", "direct", "enterprise"] as const)("attestation %s", async (attestation) => {
    ask({ attestation });
    expect((await startRegistration(someone())).options.attestation).toBe(attestation);
  });

  test("user verification, at registration and at sign-in", async () => {
    ask({ userVerification: "preferred" });
    expect((await startRegistration(someone())).options.authenticatorSelection?.userVerification).toBe("preferred");
    expect((await startLogin(world.browser())).options.userVerification).toBe("preferred");
  });

  test("the limit, as it is at the start", async () => {
    ask({ maxPasskeysPerUser: 1 });
    const browser = someone();
    const [first, second] = [await startRegistration(browser), await startRegistration(browser)];
    expect((await finish(browser, world.authenticator(), first)).status).toBe(201);
    ask({ maxPasskeysPerUser: 5 });
    expect(await finish(browser, world.authenticator(), second)).toMatchObject(problem(409, "passkey_limit_reached"));
    expect((await finish(browser, world.authenticator(), await startRegistration(browser))).status).toBe(201);
  });
});

describe("a hint", () => {
  test.each([
    ["client-device", "platform"],
    ["security-key", "cross-platform"],
    ["hybrid", "cross-platform"],
  ])("%s is handed on, with the attachment older browsers know", async (hint, authenticatorAttachment) => {
    const { options } = await startRegistration(someone(), { hint });
    expect(options.hints).toEqual([hint]);
    expect(options.authenticatorSelection).toMatchObject({ authenticatorAttachment });
  });

  test("against the policy's attachment is left out, one that fits is kept", async () => {
    ask({ authenticatorAttachment: "cross-platform" });
    const against = await startRegistration(someone(), { hint: "client-device" });
    expect(against.options.hints).toEqual([]);
    const fitting = await startRegistration(someone(), { hint: "security-key" });
    expect(fitting.options.hints).toEqual(["security-key"]);
    for (const { options } of [against, fitting])
      expect(options.authenticatorSelection).toMatchObject({ authenticatorAttachment: "cross-platform" });
  });

  test.each(["usb", "", 7, ["hybrid"], null])("%j is refused", async (hint) => {
    const answer = await answerOf(someone().post("/api/passkeys/register/start", { hint }));
    expect(answer).toMatchObject(problem(400, "invalid_request"));
  });
});

describe("user verification", () => {
  test("when preferred may be absent, and is then worth aal1", async () => {
    ask({ userVerification: "preferred" });
    const authenticator = world.authenticator();
    expect(await register(someone(), authenticator, NOT_VERIFIED)).toMatchObject({ status: 201 });
    const without = await login(world.browser(), authenticator, NOT_VERIFIED);
    expect(without).toMatchObject({ status: 200, body: { aal: "aal1" } });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200, body: { aal: "aal2" } });
  });

  test("is judged as it was asked for at the start, also when the policy changes meanwhile", async () => {
    ask({ userVerification: "preferred" });
    const browser = someone();
    const authenticator = world.authenticator();
    const begun = await startRegistration(browser);
    const visitor = world.browser();
    const signIn = await startLogin(visitor);
    ask({});
    expect(await finish(browser, authenticator, begun, NOT_VERIFIED)).toMatchObject({ status: 201 });
    const credential = authenticator.authenticate(signIn.options, NOT_VERIFIED);
    const body = { ceremony_id: signIn.ceremony_id, credential };
    expect(await answerOf(visitor.post("/api/passkeys/login/finish", body))).toMatchObject({ status: 200 });
    const refused = await login(world.browser(), authenticator, NOT_VERIFIED);
    expect(refused).toMatchObject(problem(400, "verification_failed"));
  });
});

describe("an authenticator is refused", () => {
  test.each<[string, Partial<PasskeyPolicy>, string, object, RegExp]>([
    ["of a denied model", { deniedAaguids: [KEY] }, KEY, {}, /not allowed here/],
    ["of a model that is not allowed", { allowedAaguids: [OTHER] }, KEY, {}, /not among/],
    ["that names no model", { allowedAaguids: [OTHER] }, "00000000-0000-0000-0000-000000000000", {}, /not among/],
    ["whose passkeys are synced", { allowSynced: false }, KEY, { be: true }, /synced/],
    ["without a statement", { attestation: "direct" }, KEY, {}, /could not be verified/],
    ["without certification", { requireCertified: true }, KEY, {}, /certification/],
  ])("%s", async (_what, changes, aaguid, flags, because) => {
    ask(changes);
    const person = world.people.add();
    const authenticator = world.authenticator({ aaguid, flags });
    const answer = await register(world.browser(person), authenticator);
    expect(answer).toMatchObject(notAllowed);
    expect(answer.body.detail).toMatch(because);
    expect(await world.credentials.countOf(person.identity.id)).toBe(0);
    const audited = lines.filter((line) => line.audit === true && line.identity_id === person.identity.id);
    expect(audited).toMatchObject([
      { event: "passkey.authenticator_refused", credential_id: authenticator.credentialId, aaguid },
    ]);
  });

  test("with a statement of its own, where the make has to be proved", async () => {
    ask({ attestation: "enterprise" });
    expect(await register(someone(), world.authenticator(), { format: "packed" })).toMatchObject(notAllowed);
  });

  test("by the policy of the start alone", async () => {
    const browser = someone();
    const begun = await startRegistration(browser);
    ask({ deniedAaguids: [KEY] });
    expect(await finish(browser, world.authenticator({ aaguid: KEY }), begun)).toMatchObject({ status: 201 });
    const later = await startRegistration(browser);
    ask({});
    expect(await finish(browser, world.authenticator({ aaguid: KEY }), later)).toMatchObject(notAllowed);
  });

  test("and an allowed one is not", async () => {
    ask({ allowedAaguids: [OTHER, KEY], deniedAaguids: [], allowSynced: false });
    expect(await register(someone(), world.authenticator({ aaguid: KEY }))).toMatchObject({ status: 201 });
  });
});

describe("a passkey of a model that is denied later", () => {
  test("signs in no more, which only its holder learns, until it is allowed again", async () => {
    const { authenticator, person } = await personWithPasskey(world, { aaguid: KEY });
    ask({ deniedAaguids: [KEY] });
    const forged = await login(world.browser(), authenticator, { otherKey: true });
    expect(forged).toMatchObject(problem(400, "verification_failed"));
    expect(await login(world.browser(), authenticator)).toMatchObject({ ...notAllowed, cookies: [] });
    const events = lines.filter((line) => line.identity_id === person.identity.id).map(({ reason }) => reason);
    expect(events).toContain("authenticator_denied");
    ask({});
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });

  test("goes on where only new ones are restricted", async () => {
    const { authenticator } = await personWithPasskey(world, { aaguid: KEY, flags: { be: true } });
    ask({ allowedAaguids: [OTHER], allowSynced: false, attestation: "direct", requireCertified: true });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });
});

describe("a conditional create", () => {
  const start = (browser: TestBrowser) => answerOf(browser.post("/api/passkeys/register/start", { conditional: true }));

  test("needs a password that was typed recently, and no passkey stands in for it", async () => {
    const { authenticator, browser, person } = await personWithPasskey(world);
    expect((await start(browser)).status).toBe(200);
    const visitor = world.browser();
    expect(await login(visitor, authenticator)).toMatchObject({ status: 200 });
    expect(await start(visitor)).toMatchObject(problem(403, "reauthentication_required"));
    person.authenticatedAt = new Date(Date.now() - 3_600_000);
    visitor.cookies.set("ory_kratos_session", person.cookie);
    expect(await start(visitor)).toMatchObject(problem(403, "reauthentication_required"));
    expect((await startRegistration(visitor)).options.rp.id).toBe("localhost");
  });

  test.each(["direct", "enterprise"] as const)("is not begun where attestation is %s", async (attestation) => {
    ask({ attestation });
    expect(await start(someone())).toMatchObject(notAllowed);
  });

  test("asks for no attestation and for verification as a preference", async () => {
    const { options } = await startRegistration(someone(), { conditional: true });
    expect(options).toMatchObject({ attestation: "none", authenticatorSelection: { userVerification: "preferred" } });
  });
});
