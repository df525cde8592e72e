import { createClient, type RedisClientType } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { warnOfEviction } from "../../src/redis/redis-eviction.ts";
import { expectThrough } from "./fault-suite.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { cellsOf } from "./table-cases.ts";

let stack: TestStack;
let world: FaultWorld;
let redis: RedisClientType;
let set: (name: "maxmemory" | "maxmemory-policy", value: string) => Promise<void>;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["redis"] });
  redis = createClient({ url: stack.redisUrl });
  await redis.connect();
  set = async (name, value) => {
    await redis.configSet(name, value);
  };
  world = await createFaultWorld({ redisUrl: stack.redisUrl });
});
afterAll(async () => {
  await world?.stop();
  redis?.destroy();
  await stack?.stop();
});

test("Redis at maxmemory with noeviction: what is there stays, what would be new is refused", async () => {
  // Less than an empty server takes.
  const trouble = { begin: () => set("maxmemory", "100kb"), end: () => set("maxmemory", "0") };
  await expectThrough(world, trouble, cellsOf("Redis", "fullMemory"));
});

/** What a gateway that connects to this Redis warns of. */
async function warnings(): Promise<object[]> {
  const warned: object[] = [];
  await warnOfEviction(redis, { warn: (what: object) => void warned.push(what) });
  return warned;
}

test.each([
  ["noeviction", 0],
  ["allkeys-lru", 1],
  ["allkeys-lfu", 1],
  ["allkeys-random", 1],
  ["volatile-lru", 1],
  ["volatile-lfu", 1],
  ["volatile-random", 1],
  ["volatile-ttl", 1],
])("with %s the gateway warns %i times: sessions are no cache", async (policy, count) => {
  await set("maxmemory-policy", policy);
  const warned = { dependency: "redis", maxmemory_policy: policy };
  expect(await warnings()).toEqual(Array(count).fill(warned));
  await set("maxmemory-policy", "noeviction");
});
