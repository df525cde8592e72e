import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { signInAdministrator } from "./support/administrator.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, type PasskeyWorld, problem } from "./support/passkey-world.ts";
import { type RunningGateway, startGateway } from "./support/start-gateway.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let world: PasskeyWorld;
let replica: RunningGateway;
let admin: Awaited<ReturnType<typeof signInAdministrator>>;
beforeAll(async () => {
  world = await createPasskeyWorld({ env: { MAX_PASSKEYS_PER_USER: "7" }, overrides: { log } });
  const { databaseUrl, redis } = world.gateway.config;
  replica = await startGateway({
    env: { DATABASE_URL: databaseUrl, REDIS_URL: redis.urls.join(), IDENTITY_CACHE_TTL: "0" },
    overrides: { kratos: world.people.client },
  });
  admin = await signInAdministrator(world);
});
afterAll(async () => {
  await replica.stop();
  await world.stop();
});

const PATH = "/api/admin/policy";
const FIRST = {
  enforcement: "off",
  user_verification: "required",
  resident_key: "required",
  authenticator_attachment: "any",
  attestation: "none",
  require_certified: false,
  allowed_aaguids: [],
  denied_aaguids: [],
  allow_synced: true,
  max_passkeys_per_user: 7,
};

const get = (browser: TestBrowser) => answerOf(browser.fetch(PATH));
const put = (json: unknown, browser = admin.browser) => answerOf(browser.fetch(PATH, { method: "PUT", json }));
const AAGUID = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";

afterEach(async () => {
  expect(await put(FIRST)).toMatchObject({ status: 200, body: FIRST });
});

describe("the policy", () => {
  it("is made of MAX_PASSKEYS_PER_USER where there is none yet", async () => {
    expect(await get(admin.browser)).toMatchObject({ status: 200, body: FIRST });
  });

  it("changes in the members that are sent, and keeps the others", async () => {
    const changed = { ...FIRST, attestation: "direct", require_certified: true, denied_aaguids: [AAGUID] };
    expect(await put({ attestation: "direct", require_certified: true, denied_aaguids: [AAGUID] })).toMatchObject({
      status: 200,
      body: changed,
    });
    expect(await put({ max_passkeys_per_user: 3 })).toMatchObject({ body: { ...changed, max_passkeys_per_user: 3 } });
    expect(await get(admin.browser)).toMatchObject({ body: { ...changed, max_passkeys_per_user: 3 } });
  });

  it("loses none of many changes at once", async () => {
    const changes = [
      { enforcement: "prompt" },
      { user_verification: "preferred" },
      { resident_key: "discouraged" },
      { authenticator_attachment: "platform" },
      { attestation: "enterprise" },
      { allowed_aaguids: [AAGUID] },
      { allow_synced: false },
      { max_passkeys_per_user: 100 },
    ];
    expect((await Promise.all(changes.map((change) => put(change)))).map(({ status }) => status)).toEqual(
      changes.map(() => 200),
    );
    expect((await get(admin.browser)).body).toEqual(Object.assign({}, FIRST, ...changes));
  });

  const models = (count: number) =>
    Array.from({ length: count }, (_, index) => AAGUID.slice(0, -3) + String(index).padStart(3, "0"));

  it.each([
    ["nothing to change", {}],
    ["an array", []],
    ["a number", 1],
    ["an unknown member", { unknown: true }],
    ["an unknown member beside a good one", { enforcement: "prompt", unknown: 1 }],
    ["an unknown enforcement", { enforcement: "never" }],
    ["null", { enforcement: null }],
    ["a verification WebAuthn knows and the policy does not", { user_verification: "discouraged" }],
    ["capitals", { allowed_aaguids: [AAGUID.toUpperCase()] }],
    ["a model twice", { allowed_aaguids: [AAGUID, AAGUID] }],
    ["no list", { allowed_aaguids: AAGUID }],
    ["no model", { denied_aaguids: ["not-a-model"] }],
    ["too many models", { denied_aaguids: models(501) }],
    ["a text for yes", { allow_synced: "yes" }],
    ["no passkey at all", { max_passkeys_per_user: 0 }],
    ["too many passkeys", { max_passkeys_per_user: 101 }],
    ["half a passkey", { max_passkeys_per_user: 2.5 }],
    ["a number as text", { max_passkeys_per_user: "5" }],
    ["a certification without attestation", { require_certified: true }],
  ])("refuses %s and stays as it was", async (_what, change) => {
    expect(await put(change)).toMatchObject(problem(400, "invalid_request"));
    expect((await get(admin.browser)).body).toEqual(FIRST);
  });

  it("refuses no attestation where a certification is asked for", async () => {
    await put({ attestation: "direct", require_certified: true });
    expect(await put({ attestation: "none" })).toMatchObject(problem(400, "invalid_request"));
  });

  it("is in force on every replica soon after a change on one", async () => {
    const there = createBrowser(replica.origin);
    for (const [name, value] of admin.browser.cookies) there.cookies.set(name, value);
    const person = createBrowser(replica.origin);
    person.cookies.set("ory_kratos_session", world.people.add().cookie);
    const shown = async () => (await answerOf(person.fetch("/api/auth/session"))).body.passkeys;
    expect(await shown()).toEqual({ count: 0, prompt: false, enforcement: "off" });
    await put({ enforcement: "prompt" });
    await expect.poll(async () => (await get(there)).body.enforcement, { timeout: 10_000 }).toBe("prompt");
    expect(await shown()).toEqual({ count: 0, prompt: true, enforcement: "prompt" });
  });

  it("says in the audit log who changed what", async () => {
    lines.length = 0;
    await put({ enforcement: "prompt", allow_synced: true });
    const audited = lines.filter(({ event }) => event === "policy.changed");
    expect(audited).toMatchObject([
      { audit: true, actor: admin.person.identity.id, changes: { enforcement: { from: "off", to: "prompt" } } },
    ]);
    expect(audited[0]?.changes).not.toHaveProperty("allow_synced");
  });
});

describe("the role admin", () => {
  it("is needed, with two factors", async () => {
    expect(await get(world.browser())).toMatchObject(problem(401, "unauthenticated"));
    expect(await get(world.browser(world.people.add()))).toMatchObject(problem(403, "forbidden"));
    const byPassword = world.browser(admin.person);
    for (const answer of [await get(byPassword), await put({ enforcement: "required" }, byPassword)]) {
      expect(answer).toMatchObject(problem(403, "aal2_required"));
      expect(answer.body.login_url).toBe(`${world.gateway.origin}/login?reauthenticate=1`);
    }
  });

  it("is gone at once when it is taken away, and nobody's while Kratos is away", async () => {
    const { person, browser } = await signInAdministrator(world);
    expect(await get(browser)).toMatchObject({ status: 200 });
    world.people.away = true;
    expect(await get(browser)).toMatchObject(problem(503, "dependency_unavailable"));
    world.people.away = false;
    person.identity = { ...person.identity, roles: ["staff"] };
    expect(await get(browser)).toMatchObject(problem(403, "forbidden"));
  });
});
