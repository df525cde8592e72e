import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signUp, submit } from "./support/people.ts";
import type { SoftwareAuthenticator } from "./support/software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let stack: TestStack;
let gateway: RunningGateway;
let upstream: ReturnType<typeof createServer>;
let password: TestBrowser;
let passkey: TestBrowser;
let authenticator: SoftwareAuthenticator;

beforeAll(async () => {
  stack = await startTestStack();
  upstream = createServer((_request, response) => response.end("the application"));
  await new Promise<void>((resolve) => {
    upstream.listen(0, "127.0.0.1", resolve);
  });
  const address = upstream.address();
  gateway = await startGateway({
    stack,
    env: {
      DATABASE_URL: await createTestDatabase(stack.databaseUrl),
      UPSTREAM_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
      KRATOS_SESSION_CACHE_TTL: "0",
      IDENTITY_CACHE_TTL: "1s",
      KRATOS_TIMEOUT: "1s",
    },
  });
  password = createBrowser(gateway.origin);
  await signUp(password, createPerson("password"));
  const owner = createBrowser(gateway.origin);
  await signUp(owner, createPerson("passkey"));
  authenticator = await createPasskeyFor(owner);
  passkey = createBrowser(gateway.origin);
  await signInWithPasskey(passkey, authenticator);
});

afterAll(async () => {
  await gateway.stop();
  upstream.close();
  await stack.stop();
});

const statusOf = async (browser: TestBrowser, path: string) => (await browser.fetch(path)).status;
const becomes = (browser: TestBrowser, path: string, status: number) =>
  waitUntil(() => expect(statusOf(browser, path)).resolves.toBe(status), {
    what: `${path}: ${status}`,
    timeout: 30_000,
  });

const cookiesOf = (browser: TestBrowser) => new Map(browser.cookies);

describe("an outage is not a sign-out", () => {
  it("without Kratos: a passkey goes on, a password is undecided, and both recover", async () => {
    const before = cookiesOf(password);
    await stack.kratos.kill();
    try {
      await becomes(password, "/api/auth/session", 503);
      const refused = await password.fetch("/");
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect(await refused.json()).toMatchObject({ code: "dependency_unavailable" });
      expect(cookiesOf(password)).toEqual(before);

      expect(await statusOf(passkey, "/api/auth/session")).toBe(200);
      expect(await (await passkey.fetch("/")).text()).toBe("the application");
      expect(await statusOf(passkey, "/health/ready")).toBe(503);
      expect(await statusOf(passkey, "/health/alive")).toBe(200);
      expect((await password.post("/api/auth/logout")).status).toBe(503);
      expect(cookiesOf(password)).toEqual(before);
    } finally {
      await stack.kratos.start();
    }
    await becomes(password, "/", 200);
    await becomes(passkey, "/health/ready", 200);
  });

  it("with Kratos hanging: a passkey goes on, a password is undecided", async () => {
    await stack.kratos.pause();
    try {
      await becomes(password, "/api/auth/session", 503);
      expect(await statusOf(passkey, "/")).toBe(200);
    } finally {
      await stack.kratos.resume();
    }
    await becomes(password, "/", 200);
  });

  it.each(["kill", "pause"] as const)("without Redis (%s): a password goes on, a passkey is undecided", async (how) => {
    const before = cookiesOf(passkey);
    await stack.redis[how]();
    try {
      await becomes(passkey, "/api/auth/session", 503);
      expect(cookiesOf(passkey)).toEqual(before);
      expect(await statusOf(password, "/api/auth/session")).toBe(200);
      expect(await (await password.fetch("/")).text()).toBe("the application");
      expect((await password.post("/api/passkeys/login/start")).status).toBe(503);
    } finally {
      await (how === "kill" ? stack.redis.start() : stack.redis.resume());
    }
    await becomes(password, "/health/ready", 200);
    expect((await createBrowser(gateway.origin).post("/api/passkeys/login/start")).status).toBe(200);
  });

  it("without Redis: people sign in with their password, and their tries stay limited", async () => {
    const { config } = gateway;
    const limited = await startGateway({
      stack,
      env: { DATABASE_URL: config.databaseUrl, UPSTREAM_URL: config.upstream.url.href, RATE_LIMIT_FACTOR: "0.2" },
    });
    const person = createPerson("limited");
    await signUp(createBrowser(limited.origin), person);
    await becomes(passkey, "/health/ready", 200);
    await stack.redis.kill();
    try {
      await becomes(passkey, "/api/auth/session", 503);
      const known = createBrowser(limited.origin);
      await signIn(known, person);
      expect(await statusOf(known, "/")).toBe(200);
      const wrong = { method: "password", identifier: person.email, password: "not the password" };
      const tries = await Promise.all([0, 1, 2].map(() => submit(createBrowser(limited.origin), "login", wrong)));
      expect(tries.map(({ status }) => status).toSorted()).toEqual([400, 400, 429]);
    } finally {
      await stack.redis.start();
      await limited.stop();
    }
    await becomes(passkey, "/health/ready", 200);
  });

  it("without Postgres: sessions go on, ceremonies and lists answer 503", async () => {
    const fresh = createBrowser(gateway.origin);
    expect((await signInWithPasskey(fresh, authenticator)).status).toBe(200);
    await stack.postgres.pause();
    try {
      await becomes(fresh, "/api/passkeys", 503);
      expect(await statusOf(fresh, "/")).toBe(200);
      const session = (await (await fresh.fetch("/api/auth/session")).json()) as { passkeys: { count: unknown } };
      expect(session).toMatchObject({ authenticated: true });
      expect([1, null]).toContain(session.passkeys.count);
      expect((await fresh.post("/api/passkeys/register/start")).status).toBe(503);
      expect((await signInWithPasskey(createBrowser(gateway.origin), authenticator)).status).toBe(503);
    } finally {
      await stack.postgres.resume();
    }
    await becomes(fresh, "/api/passkeys", 200);
  });
});
