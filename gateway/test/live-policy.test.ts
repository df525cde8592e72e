import { setImmediate } from "node:timers/promises";
import type { Knex } from "knex";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { createDatabase } from "../src/database.ts";
import { OutageError } from "../src/errors.ts";
import { createLivePolicy, policyChanged } from "../src/passkeys/live-policy.ts";
import { createPostgresPolicyStore, type PolicyStore } from "../src/passkeys/policy-store.ts";
import { firstPolicy, type PasskeyPolicy } from "../src/policy/passkey-policy.ts";
import { createRedis, createSubscriber } from "../src/redis.ts";
import { createMessages } from "../src/redis-messages.ts";
import { redisSettingsOf } from "./support/redis-settings-of.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

let stack: TestStack;
let database: Knex;
let store: PolicyStore;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres"] });
  database = createDatabase(await createTestDatabase(stack.databaseUrl));
  store = createPostgresPolicyStore(database, firstPolicy(20));
});
afterAll(async () => {
  await database.destroy();
  await stack.stop();
});

const silent = { announce: async () => undefined, listen: () => undefined };
const log = { warn: () => undefined, info: () => undefined };
const withLimit = (maxPasskeysPerUser: number) => (current: PasskeyPolicy) => ({ ...current, maxPasskeysPerUser });

describe("the policy on a replica", () => {
  it("follows a change no message told of, and stays what it was in an outage", async () => {
    const live = createLivePolicy({ store, topic: silent, log, readAgain: 50 });
    try {
      expect(await live.current()).toEqual(firstPolicy(20));
      await store.change(withLimit(5));
      await expect.poll(() => live.current(), { timeout: 10_000 }).toMatchObject({ maxPasskeysPerUser: 5 });

      await stack.postgres.stop();
      await expect(store.read()).rejects.toThrow(OutageError);
      await expect(live.change(withLimit(6))).rejects.toThrow(OutageError);
      expect(await live.current()).toMatchObject({ maxPasskeysPerUser: 5 });
      const unknowing = createLivePolicy({ store, topic: silent, log, readAgain: 50 });
      await expect(unknowing.current()).rejects.toThrow(OutageError);
      unknowing.close();

      await stack.postgres.start();
      const healed = () =>
        live.change(withLimit(7)).then(
          ({ after }) => after.maxPasskeysPerUser,
          () => "away",
        );
      await expect.poll(healed, { timeout: 15_000 }).toBe(7);
      expect(await live.current()).toMatchObject({ maxPasskeysPerUser: 7 });
    } finally {
      live.close();
    }
  });

  it("follows a change another one told of", async () => {
    const redisSettings = redisSettingsOf({ REDIS_URL: inject("stack").redisUrl });
    const never = 3_600_000;
    const replicas = await Promise.all(
      [1, 2].map(async () => {
        const redis = createRedis(redisSettings, pino({ level: "silent" }));
        await redis.connect();
        const messages = createMessages(redis, createSubscriber(redisSettings, pino({ level: "silent" })), log);
        const topic = messages.topic("test:live-policy", policyChanged);
        return { redis, messages, live: createLivePolicy({ store, topic, log, readAgain: never }) };
      }),
    );
    try {
      const [here, there] = replicas;
      await there?.live.current();
      const limitThere = async () => (await there?.live.current())?.maxPasskeysPerUser;
      let limit = 10;
      // Until the other one listens its words are lost; so it says so until it is heard.
      await expect
        .poll(async () => {
          limit += 1;
          await here?.live.change(withLimit(limit));
          return limitThere();
        })
        .toBeGreaterThan(10);
      await here?.live.change(withLimit(9));
      await expect.poll(limitThere).toBe(9);
    } finally {
      for (const { live, messages } of replicas) {
        live.close();
        messages.close();
      }
      await Promise.all(replicas.map(({ redis }) => redis.close()));
    }
  });

  it("reads once more when it is told of a change during a read", async () => {
    const reads = [Promise.withResolvers<PasskeyPolicy>(), Promise.withResolvers<PasskeyPolicy>()] as const;
    let count = 0;
    let tell: () => void = () => undefined;
    const slow = { ...store, read: () => (reads[count++] ?? reads[1]).promise };
    const listen = (onMessage: (word: "changed") => void) => {
      tell = () => onMessage("changed");
    };
    const live = createLivePolicy({ store: slow, topic: { ...silent, listen }, log, readAgain: 3_600_000 });
    const waiting = live.current();
    tell();
    reads[0].resolve(firstPolicy(1));
    reads[1].resolve(firstPolicy(2));
    expect(await waiting).toEqual(firstPolicy(2));
    await setImmediate();
    expect(count).toBe(2);
    live.close();
  });

  it("is not changed by what throws, nor by what the schema refuses", async () => {
    const before = await store.read();
    const fail = () => {
      throw new Error("no");
    };
    await expect(store.change(fail)).rejects.toThrow("no");
    await expect(store.change(withLimit(101))).rejects.toThrow(/max_passkeys_per_user/);
    await expect(store.change((current) => ({ ...current, requireCertified: true }))).rejects.toThrow(/check/);
    expect(await store.read()).toEqual(before);
  });

  it("is made once by several that find none", async () => {
    await database("passkey_policy").delete();
    const found = await Promise.all(
      [3, 4, 5].map((limit) => createPostgresPolicyStore(database, firstPolicy(limit)).read()),
    );
    expect(new Set(found.map(({ maxPasskeysPerUser }) => maxPasskeysPerUser)).size).toBe(1);
  });
});
