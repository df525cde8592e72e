import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { listed, listSessions } from "./support/session-list.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const MINUTE = 60_000;

let stack: TestStack;
let gateway: RunningGateway;
let now = Date.now();
beforeAll(async () => {
  stack = await startTestStack();
  gateway = await startGateway({
    stack,
    env: {
      DATABASE_URL: await createTestDatabase(stack.databaseUrl),
      TRUSTED_PROXIES: "127.0.0.1",
      KRATOS_SESSION_CACHE_TTL: "0",
      KRATOS_TIMEOUT: "1s",
      SESSION_IDLE_TIMEOUT: "10m",
    },
    overrides: { clock: () => new Date(now) },
  });
});
afterAll(async () => {
  await gateway.stop();
  await stack.stop();
});

// Kratos and Redis have clocks of their own.
beforeEach(() => {
  now = Date.now();
});

/** A browser that a trusted proxy says is at this address; further headers are the person's own. */
function browserAt(ip: string, more: Readonly<Record<string, string>> = {}): TestBrowser {
  const browser = createBrowser(gateway.origin);
  const go: TestBrowser["fetch"] = (path, request = {}) =>
    browser.fetch(path, { ...request, headers: { "user-agent": FIREFOX, "x-forwarded-for": ip, ...more } });
  return { ...browser, fetch: go, post: (path, json = {}) => go(path, { method: "POST", json }) };
}

/** Signed in by password here and by passkey there, and with a recovery code in a third browser. */
async function threeBrowsers() {
  const person = createPerson();
  const password = browserAt("192.0.2.1");
  await signUp(password, person);
  const authenticator = await createPasskeyFor(password);
  const { codes } = (await (await password.post("/api/recovery-codes")).json()) as { codes: string[] };
  const passkey = browserAt("2001:db8::2");
  await signInWithPasskey(passkey, authenticator);
  const code = browserAt("192.168.1.3");
  const answer = await code.post("/api/auth/recovery-code", { email: person.email, code: codes[0] });
  expect(answer.status).toBe(200);
  return { person, authenticator, password, passkey, code };
}

describe("GET /api/auth/sessions", () => {
  it("lists both kinds, how each was signed in and where, this one first and marked", async () => {
    const { passkey } = await threeBrowsers();
    const sessions = await listed(passkey);
    expect(sessions[0]).toMatchObject({ kind: "passkey", auth_method: "passkey", aal: "aal2", current: true });
    expect(sessions[0]).toMatchObject({ user_agent: FIREFOX, ip: "2001:db8::2" });
    const others = sessions.slice(1).toSorted((a, b) => a.kind.localeCompare(b.kind));
    expect(others).toMatchObject([
      { kind: "passkey", auth_method: "recovery_code", aal: "aal1", current: false, ip: "192.168.1.3" },
      { kind: "password", auth_method: "password", aal: "aal1", current: false, ip: "192.0.2.1" },
    ]);
    expect(others.map(({ user_agent }) => user_agent)).toEqual([FIREFOX, FIREFOX]);
  });

  it("marks both where a browser holds both, and names them as the session object does", async () => {
    const { person, authenticator } = await threeBrowsers();
    const both = browserAt("192.0.2.9");
    await signIn(both, person);
    await signInWithPasskey(both, authenticator);
    const sessions = await listed(both);
    expect(sessions).toHaveLength(5);
    const current = sessions.filter((session) => session.current);
    expect(current.map(({ kind }) => kind).toSorted()).toEqual(["passkey", "password"]);
    const body = (await (await both.fetch("/api/auth/session")).json()) as { sessions: Record<string, { id: string }> };
    for (const { kind, id } of current) expect(body.sessions[kind]?.id).toBe(id);
  });

  it("shows nobody else's", async () => {
    const [one, other] = [await threeBrowsers(), await threeBrowsers()];
    const ids = new Set((await listed(one.password)).map(({ id }) => id));
    expect(ids.size).toBe(3);
    for (const { id } of await listed(other.passkey)) expect(ids.has(id)).toBe(false);
  });

  it("puts first what was used last, of either kind; polling is no use", async () => {
    const { password, passkey, code } = await threeBrowsers();
    const begun = now;
    now += 2 * MINUTE;
    await password.fetch("/api/passkeys");
    now += 2 * MINUTE;
    await code.fetch("/api/passkeys");
    now += 2 * MINUTE;
    await password.fetch("/api/auth/session");
    const seen = (await listed(passkey)).map(({ auth_method, last_seen_at, created_at }) => ({
      auth_method,
      minutes: (Date.parse(last_seen_at) - begun) / MINUTE,
      created: auth_method === "password" ? 0 : (Date.parse(created_at) - begun) / MINUTE,
    }));
    expect(seen).toEqual([
      { auth_method: "passkey", minutes: 6, created: 0 },
      { auth_method: "recovery_code", minutes: 4, created: 0 },
      { auth_method: "password", minutes: 2, created: 0 },
    ]);
  });

  it("shows none that its idle timeout has ended", async () => {
    const { passkey, code } = await threeBrowsers();
    now += 9 * MINUTE;
    await passkey.fetch("/api/passkeys");
    now += 2 * MINUTE;
    expect((await code.fetch("/api/passkeys")).status).toBe(401);
    expect((await listed(passkey)).map(({ auth_method }) => auth_method)).toEqual(["passkey", "password"]);
  });

  it("shows none that was signed out, of either kind", async () => {
    const { person, authenticator, password, passkey, code } = await threeBrowsers();
    await signIn(code, person);
    await signInWithPasskey(code, authenticator);
    expect(await listed(passkey)).toHaveLength(4);
    await code.post("/api/auth/logout");
    await password.post("/api/auth/logout");
    expect(await listed(passkey)).toMatchObject([{ auth_method: "passkey", current: true }]);
  });

  it("is for people who are signed in", async () => {
    expect(await listSessions(createBrowser(gateway.origin))).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
  });
});

describe("the address of a password session", () => {
  const addressOf = async (browser: TestBrowser) => {
    await signUp(browser, createPerson());
    return (await listed(browser))[0]?.ip;
  };

  it.each(["192.0.2.44", "10.1.2.3", "192.168.7.8", "2001:db8::44"])("is the person's: %s", async (ip) => {
    expect(await addressOf(browserAt(ip))).toBe(ip);
  });

  it.each(["true-client-ip", "True_Client_IP", "cf-connecting-ip", "x-real-ip"])(
    "is not what the person claims in %s",
    async (name) => {
      expect(await addressOf(browserAt("192.0.2.45", { [name]: "203.0.113.66" }))).toBe("192.0.2.45");
    },
  );
});

describe("when half of them cannot be known", () => {
  const becomes = (browser: TestBrowser, status: number) =>
    waitUntil(async () => expect((await listSessions(browser)).status).toBe(status), {
      what: `the list to answer ${status}`,
      timeout: 30_000,
    });

  it("answers 503 without Kratos, to a passkey session that goes on", async () => {
    const { passkey } = await threeBrowsers();
    await stack.kratos.kill();
    try {
      await becomes(passkey, 503);
      expect((await passkey.fetch("/api/auth/session")).status).toBe(200);
    } finally {
      await stack.kratos.start();
    }
    await becomes(passkey, 200);
    expect(await listed(passkey)).toHaveLength(3);
  });

  it("answers 503 without Redis, to a password session that goes on", async () => {
    const { password } = await threeBrowsers();
    await stack.redis.pause();
    try {
      await becomes(password, 503);
      expect((await password.fetch("/api/auth/session")).status).toBe(200);
    } finally {
      await stack.redis.resume();
    }
    await becomes(password, 200);
    expect(await listed(password)).toHaveLength(3);
  });
});
