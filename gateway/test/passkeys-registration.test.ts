import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
  startRegistration,
} from "./support/passkey-world.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ env: { MAX_PASSKEYS_PER_USER: "3" } });
});
afterAll(() => world.stop());

test("options as the design wants them", async () => {
  const { person, browser, authenticator } = await personWithPasskey(world);
  const { ceremony_id, options } = await startRegistration(browser);
  expect(ceremony_id).toMatch(/^[\w-]{43}$/);
  expect(options).toMatchObject({
    rp: { id: "localhost", name: "Passbridge" },
    user: { name: person.identity.email, displayName: person.identity.email },
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: "public-key" })),
    timeout: 300_000,
    attestation: "none",
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    excludeCredentials: [{ id: authenticator.credentialId, type: "public-key", transports: ["internal"] }],
  });
  expect(options.authenticatorSelection).not.toHaveProperty("authenticatorAttachment");
  expect(Buffer.from(options.user.id, "base64url")).toHaveLength(64);
  const again = await startRegistration(browser);
  expect(again.options.user.id).toBe(options.user.id);
  expect(again.options.challenge).not.toBe(options.challenge);
});

test.each([
  ["es256", -7, {}, "single_device", false],
  ["eddsa", -8, { be: true }, "multi_device", false],
  ["rs256", -257, { be: true, bs: true }, "multi_device", true],
] as const)("a %s credential", async (key, algorithm, flags, deviceType, backedUp) => {
  const person = world.people.add();
  const browser = world.browser(person);
  const authenticator = world.authenticator({ key, flags, aaguid: "bada5566-a7aa-401f-bd96-45619a55120d" });
  const answer = await register(browser, authenticator, { transports: ["usb", "hybrid", "usb"] }, { name: " Mine " });
  expect(answer.status).toBe(201);
  const passkey = {
    id: authenticator.credentialId,
    name: "Mine",
    aaguid: "bada5566-a7aa-401f-bd96-45619a55120d",
    provider: expect.objectContaining({ name: "1Password" }),
    device_type: deviceType,
    backed_up: backedUp,
    transports: ["hybrid", "usb"],
    algorithm,
    attestation: "none",
    created_at: expect.stringMatching(/Z$/),
    last_used_at: null,
    last_used_from: null,
  };
  expect(answer.body).toEqual({ passkey });
  const list = await answerOf(browser.fetch("/api/passkeys"));
  expect(list.body).toEqual({ passkeys: [passkey], max: 3, user_handle: expect.any(String), rp_id: "localhost" });

  const visitor = world.browser();
  const signedIn = await login(visitor, authenticator);
  expect(signedIn).toMatchObject({ status: 200, body: { authenticated: true, aal: "aal2", auth_method: "passkey" } });
  expect(signedIn.body.amr).toContain(deviceType === "multi_device" ? "swk" : "hwk");
  const used = await answerOf(visitor.fetch("/api/passkeys"));
  expect(used.body).toMatchObject({ passkeys: [{ last_used_at: expect.stringMatching(/Z$/) }] });
});

test("self attestation is read and proves no make", async () => {
  const browser = world.browser(world.people.add());
  const answer = await register(browser, world.authenticator(), { format: "packed" });
  expect(answer).toMatchObject({ status: 201, body: { passkey: { attestation: "unverified" } } });
});

test("names that nobody gave are told apart by a number", async () => {
  const { browser } = await personWithPasskey(world);
  expect(await register(browser, world.authenticator())).toMatchObject({ body: { passkey: { name: "Passkey 2" } } });
});

test("a conditional create needs neither presence nor verification, another does", async () => {
  const person = world.people.add();
  const browser = world.browser(person);
  const silent = { flags: { up: false, uv: false } };
  const refused = await register(browser, world.authenticator(), silent);
  expect(refused).toMatchObject(problem(400, "verification_failed"));

  const { ceremony_id, options } = await startRegistration(browser, { conditional: true });
  expect(options.authenticatorSelection?.userVerification).toBe("preferred");
  const credential = world.authenticator().register(options, silent);
  const finish = await answerOf(browser.post("/api/passkeys/register/finish", { ceremony_id, credential }));
  expect(finish.status).toBe(201);
});

test("the limit holds, also when many finish at once", async () => {
  const { browser, person } = await personWithPasskey(world);
  expect((await answerOf(browser.fetch("/api/passkeys/available"))).body).toEqual({
    available: true,
    count: 1,
    max: 3,
  });
  const open = await Promise.all(Array.from({ length: 5 }, () => startRegistration(browser)));
  const answers = await Promise.all(
    open.map(({ ceremony_id, options }) => {
      const credential = world.authenticator().register(options);
      return answerOf(browser.post("/api/passkeys/register/finish", { ceremony_id, credential }));
    }),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409, 409]);
  expect(answers.find(({ status }) => status === 409)).toMatchObject(problem(409, "passkey_limit_reached"));
  expect(await world.credentials.countOf(person.identity.id)).toBe(3);
  const start = await answerOf(browser.post("/api/passkeys/register/start"));
  expect(start).toMatchObject(problem(409, "passkey_limit_reached"));
  expect((await answerOf(browser.fetch("/api/passkeys/available"))).body).toEqual({
    available: false,
    count: 3,
    max: 3,
  });
});

test("a credential id that another person has is refused", async () => {
  const { authenticator } = await personWithPasskey(world);
  const credentialId = Buffer.from(authenticator.credentialId, "base64url");
  const thief = world.people.add();
  const answer = await register(world.browser(thief), world.authenticator({ credentialId }));
  expect(answer).toMatchObject(problem(409, "passkey_exists"));
  expect(await world.credentials.countOf(thief.identity.id)).toBe(0);
});

test("nobody, and nobody who signed in long ago, may start", async () => {
  const nobody = await answerOf(world.browser().post("/api/passkeys/register/start"));
  expect(nobody).toMatchObject(problem(401, "unauthenticated"));
  const person = world.people.add({ authenticatedAt: new Date(Date.now() - 3_600_000) });
  const stale = await answerOf(world.browser(person).post("/api/passkeys/register/start"));
  expect(stale).toMatchObject(problem(403, "reauthentication_required"));
  expect(stale.body.login_url).toMatch(/\/login/);
});
