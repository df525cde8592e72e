import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedis } from "../../src/redis.ts";
import { createPasskeyWorld, type PasskeyWorld } from "../support/passkey-world.ts";
import { describeRedis } from "../support/redis-contract.ts";
import { itSurvivesFailover } from "../support/redis-failover.ts";
import { redisSettingsOf } from "../support/redis-settings-of.ts";
import { type RedisCluster, startCluster } from "../support/redis-topology.ts";

let topology: RedisCluster;
let world: PasskeyWorld;
beforeAll(async () => {
  topology = await startCluster();
  world = await createPasskeyWorld({ env: topology.env });
});
afterAll(async () => {
  await world?.stop();
  await topology?.stop();
});

describe("a cluster", () => {
  describeRedis(
    () => redisSettingsOf(topology.env),
    () => topology.cutConnections(),
  );
  it("follows a key while it moves, and afterwards", async () => {
    const redis = createRedis(redisSettingsOf(topology.env), pino({ level: "silent" }));
    await redis.connect();
    const key = `test:moving:${randomUUID()}`;
    await topology.moveSlot(key, async () => {
      // Not there yet, so it is made where the slot goes (ASK).
      await redis.set(key, "moved");
      expect(await redis.get(key)).toBe("moved");
    });
    expect(await redis.get(key)).toBe("moved");
    expect(await redis.getDel(key)).toBe("moved");
    await redis.close();
  });

  itSurvivesFailover(
    () => world,
    () => topology,
    false,
  );
});
