import { randomUUID } from "node:crypto";
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, problem } from "./support/passkey-world.ts";
import type { SoftwareAuthenticator, Tampering } from "./support/software-authenticator.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

type Started = { ceremony_id: string; options: PublicKeyCredentialCreationOptionsJSON };

const newEmail = () => `newcomer-${randomUUID()}@example.com`;

async function start(browser: TestBrowser, body: object): Promise<Started> {
  const answer = await browser.post("/api/passkeys/signup/start", body);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Started;
}

const finish = (browser: TestBrowser, body: object) => answerOf(browser.post("/api/passkeys/signup/finish", body));

async function signUp(email: string, authenticator: SoftwareAuthenticator, tampering?: Tampering) {
  const browser = world.browser();
  const { ceremony_id, options } = await start(browser, { email, name: "Ann" });
  const answer = await finish(browser, { ceremony_id, credential: authenticator.register(options, tampering) });
  return { browser, answer, options };
}

const accountOf = (email: string) => world.people.client.findIdentityByEmail(email);
const rows = async () => Number((await world.database("user_handles").count({ count: "*" }))[0]?.count);

describe("signing up", () => {
  test("makes the account without a password, its passkey and its session", async () => {
    const email = newEmail();
    const authenticator = world.authenticator();
    const { answer, browser, options } = await signUp(email, authenticator);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        authenticated: true,
        methods: ["passkey"],
        aal: "aal2",
        identity: { email, email_verified: false, name: "Ann" },
        passkeys: { count: 1 },
      },
    });
    expect((await browser.fetch("/api/auth/session")).status).toBe(200);
    expect(await accountOf(email)).toMatchObject({ hasPassword: false });
    const list = await answerOf(browser.fetch("/api/passkeys"));
    expect(list.body).toMatchObject({
      user_handle: options.user.id,
      passkeys: [{ id: authenticator.credentialId, name: "Passkey" }],
    });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200, body: { identity: { email } } });
  });

  test("the passkey cannot be removed while it is the only way in", async () => {
    const authenticator = world.authenticator();
    const { browser } = await signUp(newEmail(), authenticator);
    const answer = await answerOf(browser.fetch(`/api/passkeys/${authenticator.credentialId}`, { method: "DELETE" }));
    expect(answer).toMatchObject(problem(409, "last_sign_in_method"));
  });

  test("whoever was signed in before is not any more", async () => {
    const browser = world.browser(world.people.add());
    const { ceremony_id, options } = await start(browser, { email: newEmail() });
    const answer = await finish(browser, { ceremony_id, credential: world.authenticator().register(options) });
    expect(answer).toMatchObject({ status: 201, body: { sessions: { password: null } } });
    expect(browser.cookies.has("ory_kratos_session")).toBe(false);
  });
});

describe("an address that has an account", () => {
  test("gets the same options as one that has none", async () => {
    const { identity } = world.people.add();
    const shape = ({ ceremony_id, options }: Started) => ({
      ceremony: ceremony_id.length,
      ...options,
      challenge: options.challenge.length,
      user: { ...options.user, id: options.user.id.length, name: "", displayName: "" },
    });
    const known = await start(world.browser(), { email: identity.email });
    const unknown = await start(world.browser(), { email: newEmail() });
    expect(shape(known)).toEqual(shape(unknown));
    expect(known.options.excludeCredentials).toEqual([]);
    const again = await start(world.browser(), { email: identity.email });
    expect(again.options.user.id).not.toBe(known.options.user.id);
  });

  test("is refused at the finish, in whatever case, and nothing is left", async () => {
    const { identity } = world.people.add();
    const before = await rows();
    const authenticator = world.authenticator();
    const { answer, browser } = await signUp(identity.email.toUpperCase(), authenticator);
    expect(answer).toMatchObject(problem(409, "account_exists"));
    expect(await rows()).toBe(before);
    expect(await login(world.browser(), authenticator)).toMatchObject(problem(404, "credential_unknown"));
    expect(browser.cookies.has("passbridge_session")).toBe(false);
  });

  test("of ten who finish at once one gets it", async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 10 }, () => signUp(email, world.authenticator())));
    expect(answers.map(({ answer }) => answer.status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)]);
  });
});

describe("a finish that does not fit", () => {
  test.each<[string, Tampering]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another challenge", { challenge: "AAAA" }],
    ["no verification", { flags: { uv: false } }],
    ["another relying party", { rpId: "evil.example" }],
  ])("%s: no account", async (_name, tampering) => {
    const email = newEmail();
    const { answer } = await signUp(email, world.authenticator(), tampering);
    expect(answer).toMatchObject(problem(400, "verification_failed"));
    expect(await accountOf(email)).toBeNull();
  });

  test("another browser, a second time, another kind of ceremony: no account", async () => {
    const browser = world.browser();
    const email = newEmail();
    const first = await start(browser, { email });
    const credential = world.authenticator().register(first.options);
    const stranger = world.browser();
    await start(stranger, { email: newEmail() });
    const body = { ceremony_id: first.ceremony_id, credential };
    expect(await finish(stranger, body)).toMatchObject(problem(400, "challenge_invalid"));
    expect(await finish(browser, body)).toMatchObject(problem(400, "challenge_invalid"));
    const login = (await (await browser.post("/api/passkeys/login/start")).json()) as Started;
    const other = { ceremony_id: login.ceremony_id, credential };
    expect(await finish(browser, other)).toMatchObject(problem(400, "challenge_invalid"));
    expect(await accountOf(email)).toBeNull();
  });

  test("a passkey that somebody has already: no account", async () => {
    const authenticator = world.authenticator();
    await signUp(newEmail(), authenticator);
    const before = await rows();
    const email = newEmail();
    const { answer } = await signUp(email, authenticator);
    expect(answer).toMatchObject(problem(409, "passkey_exists"));
    expect(await accountOf(email)).toBeNull();
    expect(await rows()).toBe(before);
  });

  test.each([
    {},
    { email: "ann" },
    { email: 1 },
    { email: `${"a".repeat(250)}@example.com` },
    { email: "a@example.com", name: "" },
    { email: "a@example.com", name: "x".repeat(101) },
    { email: "a@example.com", name: "\u0000" },
  ])("start with %j is refused", async (body) => {
    const answer = await answerOf(world.browser().post("/api/passkeys/signup/start", body));
    expect(answer).toMatchObject(problem(400, "invalid_request"));
  });
});

test("without Kratos a finish is 503 and makes nothing; the next one works", async () => {
  const email = newEmail();
  world.people.away = true;
  try {
    const { answer } = await signUp(email, world.authenticator());
    expect(answer).toMatchObject(problem(503, "dependency_unavailable"));
  } finally {
    world.people.away = false;
  }
  expect((await signUp(email, world.authenticator())).answer.status).toBe(201);
});
