import { createClient, type RedisClientType } from "redis";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { waitUntil } from "../../scripts/wait-until.ts";
import { SESSION_PREFIX } from "../src/sessions/passkey-session.ts";
import { readSessionId } from "../src/sessions/session-cookie.ts";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, personWithPasskey } from "./support/passkey-world.ts";

const MINUTE = 60_000;
const IDLE = 10 * MINUTE;
const MAX_AGE = 60 * MINUTE;

let world: PasskeyWorld;
let redis: RedisClientType;
let now = Date.now();
beforeAll(async () => {
  redis = createClient({ url: inject("stack").redisUrl });
  await redis.connect();
  world = await createPasskeyWorld({
    env: { SESSION_IDLE_TIMEOUT: "10m", SESSION_MAX_AGE: "1h" },
    overrides: { clock: () => new Date(now) },
  });
});
afterAll(async () => {
  await world.stop();
  await redis.close();
});
// Redis has a clock of its own.
beforeEach(() => {
  now = Date.now();
});

async function signedInByPasskey(): Promise<TestBrowser> {
  const { authenticator } = await personWithPasskey(world);
  const browser = world.browser();
  expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
  return browser;
}

/** Polling, which is no use of a session. */
const look = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/auth/session"))).body;
const endOf = async (browser: TestBrowser) => Date.parse(String((await look(browser)).expires_at));
const use = async (browser: TestBrowser) => (await browser.fetch("/api/passkeys")).status;

function keyOf(browser: TestBrowser, { config }: PasskeyWorld["gateway"] = world.gateway): string {
  const cookie = `${config.session.cookieName}=${browser.cookies.get(config.session.cookieName)}`;
  return SESSION_PREFIX + readSessionId(cookie, config.session.cookieName, config.session.secrets);
}

describe("the idle timeout", () => {
  it("ends a session that is not used, however often it is polled", async () => {
    const browser = await signedInByPasskey();
    for (let minute = 1; minute < 10; minute++) {
      now += MINUTE;
      expect(await look(browser)).toMatchObject({ authenticated: true });
    }
    now += 2 * MINUTE;
    expect(await look(browser)).toEqual({ authenticated: false });
    expect(await use(browser)).toBe(401);
  });

  it("moves with each use, but within a minute stays where it is", async () => {
    const browser = await signedInByPasskey();
    const begun = now;
    expect(await endOf(browser)).toBeGreaterThan(begun + IDLE - MINUTE);
    now = begun + 59_000;
    const first = await endOf(browser);
    await use(browser);
    expect(await endOf(browser)).toBe(first);
    now = begun + 2 * MINUTE;
    await use(browser);
    expect(await endOf(browser)).toBe(now + IDLE);
  });

  it("costs at most one write a minute to the session, and one to its last use", async () => {
    const browser = await signedInByPasskey();
    const key = keyOf(browser);
    const { sessions } = (await look(browser)) as { sessions: { passkey: { id: string } } };
    const commands: string[] = [];
    const monitor = redis.duplicate();
    await monitor.connect();
    await monitor.monitor((line) => commands.push(String(line)));
    const requests = 60;
    for (let request = 0; request < requests; request++) {
      now += (3 * MINUTE) / requests;
      await use(browser);
    }
    const of = (what: string, name: string) =>
      commands.filter((line) => line.toLowerCase().includes(`"${name}"`) && line.includes(what)).length;
    await waitUntil(async () => expect(of(key, "pexpireat")).toBeGreaterThan(0), { what: "a write", timeout: 10_000 });
    expect(of(key, "pexpireat")).toBeLessThanOrEqual(3);
    expect(of(key, "set")).toBe(0);
    expect(of(sessions.passkey.id, "set")).toBeLessThanOrEqual(3);
    monitor.destroy();
  });

  it("is not for the browser to keep: an ended session does not come back by its use", async () => {
    const browser = await signedInByPasskey();
    const key = keyOf(browser);
    now += 2 * MINUTE;
    const uses = Array.from({ length: 20 }, () => use(browser));
    await redis.del(key);
    await Promise.all(uses);
    expect(await redis.exists(key)).toBe(0);
    expect(await look(browser)).toEqual({ authenticated: false });
  });
});

describe("the absolute timeout", () => {
  it("ends a session that is in use all the time", async () => {
    const browser = await signedInByPasskey();
    const begun = now;
    while (now + 5 * MINUTE < begun + MAX_AGE) {
      now += 5 * MINUTE;
      expect(await use(browser)).toBe(200);
      expect(await endOf(browser)).toBe(Math.min(now + IDLE, begun + MAX_AGE));
    }
    now = begun + MAX_AGE + 1;
    expect(await use(browser)).toBe(401);
  });
});

describe("by the clock on the wall", () => {
  it("a session that is used goes on, one that is not is gone from the store, too", async () => {
    const short = await createPasskeyWorld({ env: { SESSION_IDLE_TIMEOUT: "3s", SESSION_MAX_AGE: "1h" } });
    try {
      const { authenticator } = await personWithPasskey(short);
      const [used, idle] = [short.browser(), short.browser()];
      await login(used, authenticator);
      await login(idle, authenticator);
      const key = keyOf(idle, short.gateway);
      await waitUntil(
        async () => {
          expect(await use(used)).toBe(200);
          expect(await look(idle)).toEqual({ authenticated: false });
        },
        { what: "the idle session to end", timeout: 20_000 },
      );
      expect(await use(used)).toBe(200);
      expect(await redis.exists(key)).toBe(0);
    } finally {
      await short.stop();
    }
  });
});
