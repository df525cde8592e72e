import { afterAll, beforeAll, describe } from "vitest";
import { createPasskeyWorld, type PasskeyWorld } from "../support/passkey-world.ts";
import { describeRedis } from "../support/redis-contract.ts";
import { itSurvivesFailover } from "../support/redis-failover.ts";
import { redisSettingsOf } from "../support/redis-settings-of.ts";
import { type RedisTopology, startSentinels } from "../support/redis-topology.ts";

let topology: RedisTopology;
let world: PasskeyWorld;
beforeAll(async () => {
  topology = await startSentinels();
  world = await createPasskeyWorld({ env: topology.env });
});
afterAll(async () => {
  await world?.stop();
  await topology?.stop();
});

describe("a primary that sentinels name", () => {
  describeRedis(
    () => redisSettingsOf(topology.env),
    () => topology.cutConnections(),
  );
  itSurvivesFailover(
    () => world,
    () => topology,
    true,
  );
});
