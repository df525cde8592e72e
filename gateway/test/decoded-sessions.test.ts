import { createClient, type RedisClientType } from "redis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, personWithPasskey } from "./support/passkey-world.ts";
import { sessionKey } from "./support/session-key.ts";

let redis: RedisClientType;
let front: FaultProxy;
let world: PasskeyWorld;
let uncached: PasskeyWorld;
beforeAll(async () => {
  redis = createClient({ url: inject("stack").redisUrl });
  await redis.connect();
  front = await startFaultProxy(inject("stack").redisUrl);
  [world, uncached] = await Promise.all([
    // Kept for long: what is known sooner was told.
    createPasskeyWorld({ env: { PASSKEY_SESSION_CACHE_TTL: "1h", REDIS_URL: front.url } }),
    createPasskeyWorld({ env: { PASSKEY_SESSION_CACHE_TTL: "0" } }),
  ]);
});
afterAll(async () => {
  await Promise.all([world.stop(), uncached.stop()]);
  front.stop();
  await redis.close();
});

async function signedIn(at: PasskeyWorld) {
  const { authenticator } = await personWithPasskey(at);
  const browser = at.browser();
  expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
  return { browser, key: sessionKey(browser, at.gateway.config.session) };
}

const check = async (browser: TestBrowser) =>
  (await answerOf(browser.fetch("/api/auth/session"))).body.authenticated ?? "undecided";

const becomes = (browser: TestBrowser, answer: unknown) =>
  expect.poll(() => check(browser), { timeout: 20_000, interval: 10 }).toBe(answer);

/** How often a key is read while something is done. */
async function readsOf(key: string, action: () => Promise<unknown>): Promise<number> {
  const lines: string[] = [];
  const monitor = redis.duplicate();
  await monitor.connect();
  await monitor.monitor((line) => lines.push(String(line)));
  await action();
  await redis.exists(`${key}:end`);
  await expect.poll(() => lines.some((line) => line.includes(`${key}:end`))).toBe(true);
  monitor.destroy();
  return lines.filter((line) => line.toLowerCase().includes('"get"') && line.includes(key)).length;
}

const checks = (browser: TestBrowser) => async () => {
  for (let n = 0; n < 50; n++) expect(await check(browser)).toBe(true);
};

describe("a session that is kept in memory", () => {
  it("is read from Redis once, and without a time each time", async () => {
    const kept = await signedIn(world);
    expect(await readsOf(kept.key, checks(kept.browser))).toBe(1);
    const fresh = await signedIn(uncached);
    expect(await readsOf(fresh.key, checks(fresh.browser))).toBe(50);
  });

  it("is dropped by the server's push when anybody ends it", async () => {
    const { browser, key } = await signedIn(world);
    await checks(browser)();
    await redis.del(key);
    await becomes(browser, false);
  });

  it("is dropped when anybody changes it", async () => {
    const { browser, key } = await signedIn(world);
    const until = async () => (await answerOf(browser.fetch("/api/auth/session"))).body.expires_at;
    await checks(browser)();
    const end = Math.floor((Date.now() + 100_000) / 1_000) * 1_000;
    await redis.pExpireAt(key, end);
    await expect.poll(until, { timeout: 20_000 }).toBe(new Date(end).toISOString());
  });

  it("is not trusted once pushes cannot be heard, and nothing kept before is trusted afterwards", async () => {
    const { browser, key } = await signedIn(world);
    await checks(browser)();
    front.turn({ kind: "refuse" });
    await becomes(browser, "undecided");
    await redis.del(key);
    front.heal();
    await becomes(browser, false);
    await expect.poll(async () => (await browser.fetch("/health/ready")).status, { timeout: 20_000 }).toBe(200);
  });

  it("is gone for its own replica with the answer that ends it", async () => {
    const { browser } = await signedIn(world);
    await checks(browser)();
    const cookies = new Map(browser.cookies);
    expect((await browser.fetch("/api/auth/logout", { method: "POST", json: {} })).status).toBe(204);
    browser.cookies.clear();
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(await check(browser)).toBe(false);
  });
});

describe("a session that Redis gives for another's", () => {
  it("signs nobody in: it cannot be decided, until the answer is the right one", async () => {
    const [one, other] = [await signedIn(uncached), await signedIn(uncached)];
    const [own, foreign] = [await redis.get(one.key), await redis.get(other.key)];
    await redis.set(one.key, foreign ?? "", { KEEPTTL: true });
    expect(await check(one.browser)).toBe("undecided");
    expect((await one.browser.fetch("/page")).status).toBe(503);
    await redis.set(one.key, own ?? "", { KEEPTTL: true });
    expect(await check(one.browser)).toBe(true);
  });

  it("of an earlier release does not say whose it is, and is taken for the right one", async () => {
    const { browser, key } = await signedIn(uncached);
    const { passkey, ...rest } = JSON.parse((await redis.get(key)) ?? "");
    const { id, ...earlier } = passkey;
    expect(id).toMatch(/^[\w-]{22}$/);
    await redis.set(key, JSON.stringify({ ...rest, passkey: earlier }), { KEEPTTL: true });
    expect(await check(browser)).toBe(true);
  });
});
