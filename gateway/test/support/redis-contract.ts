import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { BasicPooledClientSideCache } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createRedisMailedCodeStore } from "../../src/accounts/mailed-code-store.ts";
import { createAttemptCounter } from "../../src/http/attempt-counter.ts";
import { createRateLimiter } from "../../src/http/rate-limit.ts";
import { createRedisHookCallStore } from "../../src/kratos/hook-call-store.ts";
import type { RedisSettings } from "../../src/redis/redis-settings.ts";
import { createRedis, createSubscriber, type Redis } from "../../src/redis.ts";
import { createMessages } from "../../src/redis-messages.ts";
import { createPasskeySessionIndex } from "../../src/sessions/passkey-session-index.ts";
import type { SourceSession } from "../../src/sessions/session.ts";
import { createSessionUseStore } from "../../src/sessions/session-use-store.ts";
import { times } from "./passkey-stores.ts";

const silent = pino({ level: "silent" });
const MANY = 40;

/** What a cache is told that listens for changes. */
function createListeningCache() {
  const changed = new Set<string>();
  const told = { changed, cleared: 0 };
  class ListeningCache extends BasicPooledClientSideCache {
    override clear(resetStats?: boolean): void {
      told.cleared += 1;
      super.clear(resetStats);
    }
  }
  const cache = new ListeningCache();
  cache.on("invalidate", (key: unknown) => changed.add(String(key)));
  return { cache, told };
}

/** What the gateway needs of Redis, whichever servers it is made of. */
export function describeRedis(settings: () => RedisSettings, cutConnections: () => Promise<unknown>): void {
  let redis: Redis;
  beforeAll(async () => {
    redis = createRedis(settings(), silent);
    await redis.connect();
  });
  afterAll(() => redis.close());
  const keys = (name: string) => Array.from({ length: MANY }, () => `test:${name}:${randomUUID()}`);

  describe("the commands", () => {
    it("go to whichever server has the key", async () => {
      const own = keys("commands");
      await Promise.all(own.map((key, place) => redis.set(key, String(place))));
      expect(await redis.mGet(own)).toEqual(own.map((_, place) => String(place)));
      expect(await redis.del([...own.slice(0, 10), "test:none"])).toBe(10);
      expect(await Promise.all(own.map((key) => redis.getDel(key)))).toEqual(
        own.map((_, place) => (place < 10 ? null : String(place))),
      );
      expect(await redis.ping()).toBe("PONG");
      expect(redis.isReady).toBe(true);
    });

    it("serve every store", async () => {
      const clock = () => new Date();
      const index = createPasskeySessionIndex(redis, clock);
      const [codes, calls] = [createRedisMailedCodeStore(redis), createRedisHookCallStore(redis)];
      const uses = createSessionUseStore(redis);
      const counter = createAttemptCounter(redis, randomUUID(), 60);
      const limit = createRateLimiter(redis, { name: randomUUID(), points: 1, seconds: 60 }, 1);
      const expiresAt = new Date(Date.now() + 60_000);
      const session = { kind: "passkey", expiresAt } as SourceSession;
      await times(MANY, async () => {
        const id = randomUUID();
        await index.add(id, "session", expiresAt.getTime());
        expect(await index.endAll(id)).toEqual([]);
        await codes.add(id, "A@example.com");
        expect(await codes.addressesOf(id)).toEqual(["a@example.com"]);
        expect([await calls.take(id, 60_000), await calls.take(id, 60_000)]).toEqual([true, false]);
        const now = clock();
        uses.note({ ...session, id }, now);
        await expect.poll(() => uses.of([id, "none"])).toEqual([now, null]);
        expect([(await counter.add(id)).count, (await counter.add(id)).count]).toEqual([1, 2]);
        await limit(id);
        await expect(limit(id)).rejects.toMatchObject({ code: "rate_limited" });
      });
    });
  });

  describe("what is kept close", () => {
    it("is told of every key that another connection changes", async () => {
      const { cache, told } = createListeningCache();
      const reader = createRedis(settings(), silent, { keyWatch: cache });
      await reader.connect();
      const own = keys("changed");
      await Promise.all(own.map((key) => redis.set(key, "before")));
      expect(await reader.mGet(own)).toEqual(own.map(() => "before"));
      await Promise.all(own.map((key) => redis.set(key, "after")));
      await expect.poll(() => own.filter((key) => !told.changed.has(key))).toEqual([]);
      expect(await reader.mGet(own)).toEqual(own.map(() => "after"));
      await reader.close();
    });

    it("is told when a connection was lost, and listens again", async () => {
      const { cache, told } = createListeningCache();
      const reader = createRedis(settings(), silent, { keyWatch: cache });
      await reader.connect();
      const [key = ""] = keys("lost");
      await redis.set(key, "before");
      await reader.get(key);
      told.cleared = 0;
      await cutConnections();
      await expect.poll(() => told.cleared).toBeGreaterThan(0);
      await expect.poll(() => reader.get(key).catch(() => null), { timeout: 10_000 }).toBe("before");
      await expect.poll(() => redis.set(key, "after").catch(() => null), { timeout: 10_000 }).toBe("OK");
      await expect.poll(() => told.changed.has(key)).toBe(true);
      await reader.close();
    });
  });

  it("what was deleted is deleted again where it came back, but not what was made anew", async () => {
    const restored = createRedis(settings(), silent);
    await restored.connect();
    const [ended = "", anew = "", counted = ""] = keys("ended");
    for (const key of [ended, anew, counted]) await redis.set(key, "1");
    expect(await redis.del([ended, anew, counted])).toBe(3);
    await redis.set(anew, "2");
    await redis.eval("return redis.call('incr', KEYS[1])", { keys: [counted], arguments: [] });
    await restored.set(ended, "1");
    await cutConnections();
    await expect.poll(() => restored.get(ended).catch(String), { timeout: 10_000 }).toBeNull();
    expect([await restored.get(anew), await restored.get(counted)]).toEqual(["2", "1"]);
    await restored.close();
  });

  it("messages are heard, and after a loss it is told that some may have been missed", async () => {
    const messages = createMessages(redis, createSubscriber(settings(), silent), silent);
    const heard: number[] = [];
    let listening = 0;
    messages.onListening(() => {
      listening += 1;
    });
    const topic = messages.topic(`test:${randomUUID()}`, z.number());
    topic.listen((n) => heard.push(n));
    await expect.poll(() => listening, { timeout: 10_000 }).toBeGreaterThan(0);
    await topic.announce(1);
    await expect.poll(() => heard).toEqual([1]);
    listening = 0;
    await cutConnections();
    await expect.poll(() => listening, { timeout: 10_000 }).toBeGreaterThan(0);
    await expect
      .poll(
        () =>
          topic.announce(2).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await expect.poll(() => heard).toEqual([1, 2]);
    messages.close();
  });
}
