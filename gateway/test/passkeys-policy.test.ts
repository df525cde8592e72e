import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import {
  answerOf,
  finishRegistration,
  login,
  personWithPasskey,
  problem,
  register,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";
import { createPolicyWorld, type PolicyWorld } from "./support/policy-world.ts";

const NOT_VERIFIED = { flags: { uv: false } };
const notAllowed = problem(403, "authenticator_not_allowed");

let world: PolicyWorld;
beforeAll(async () => {
  world = await createPolicyWorld();
});
afterAll(() => world.stop());
afterEach(() => world.ask({}));

const someone = () => world.browser(world.people.add());

describe("a registration's options follow the policy", () => {
  test.each([
    ["required", true],
    ["preferred", false],
    ["discouraged", false],
  ] as const)("resident key %s", async (residentKey, requireResidentKey) => {
    world.ask({ residentKey });
    const { options } = await startRegistration(someone());
    expect(options.authenticatorSelection).toMatchObject({ residentKey, requireResidentKey });
  });

  test.each(["platform", "cross-platform"] as const)("attachment %s", async (authenticatorAttachment) => {
    world.ask({ authenticatorAttachment });
    const { options } = await startRegistration(someone());
    expect(options.authenticatorSelection).toMatchObject({ authenticatorAttachment });
    expect(options.hints).toEqual([]);
  });

  test.each(["none", "direct", "enterprise"] as const)("attestation %s", async (attestation) => {
    world.ask({ attestation });
    expect((await startRegistration(someone())).options.attestation).toBe(attestation);
  });

  test("user verification, at registration and at sign-in", async () => {
    world.ask({ userVerification: "preferred" });
    expect((await startRegistration(someone())).options.authenticatorSelection?.userVerification).toBe("preferred");
    expect((await startLogin(world.browser())).options.userVerification).toBe("preferred");
  });

  test("the limit, as it is at the start", async () => {
    world.ask({ maxPasskeysPerUser: 1 });
    const browser = someone();
    const [first, second] = [await startRegistration(browser), await startRegistration(browser)];
    expect((await finishRegistration(browser, world.authenticator(), first)).status).toBe(201);
    world.ask({ maxPasskeysPerUser: 5 });
    expect(await finishRegistration(browser, world.authenticator(), second)).toMatchObject(
      problem(409, "passkey_limit_reached"),
    );
    expect((await finishRegistration(browser, world.authenticator(), await startRegistration(browser))).status).toBe(
      201,
    );
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
    world.ask({ authenticatorAttachment: "cross-platform" });
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
    world.ask({ userVerification: "preferred" });
    const authenticator = world.authenticator();
    expect(await register(someone(), authenticator, NOT_VERIFIED)).toMatchObject({ status: 201 });
    const without = await login(world.browser(), authenticator, NOT_VERIFIED);
    expect(without).toMatchObject({ status: 200, body: { aal: "aal1" } });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200, body: { aal: "aal2" } });
  });

  test("is judged as it was asked for at the start, also when the policy changes meanwhile", async () => {
    world.ask({ userVerification: "preferred" });
    const browser = someone();
    const authenticator = world.authenticator();
    const begun = await startRegistration(browser);
    const visitor = world.browser();
    const signIn = await startLogin(visitor);
    world.ask({});
    expect(await finishRegistration(browser, authenticator, begun, NOT_VERIFIED)).toMatchObject({ status: 201 });
    const credential = authenticator.authenticate(signIn.options, NOT_VERIFIED);
    const body = { ceremony_id: signIn.ceremony_id, credential };
    expect(await answerOf(visitor.post("/api/passkeys/login/finish", body))).toMatchObject({ status: 200 });
    const refused = await login(world.browser(), authenticator, NOT_VERIFIED);
    expect(refused).toMatchObject(problem(400, "verification_failed"));
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
    world.ask({ attestation });
    expect(await start(someone())).toMatchObject(notAllowed);
  });

  test("asks for no attestation and for verification as a preference", async () => {
    const { options } = await startRegistration(someone(), { conditional: true });
    expect(options).toMatchObject({ attestation: "none", authenticatorSelection: { userVerification: "preferred" } });
  });
});
