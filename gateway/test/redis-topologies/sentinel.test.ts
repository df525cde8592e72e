import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAskedDirectory } from "../../src/redis/create-directory.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
} from "../support/passkey-world.ts";
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
  it("is a primary by its own word", async () => {
    const { accepts, close } = createAskedDirectory(redisSettingsOf(topology.env));
    const { primary, replica } = topology.shardOf("");
    expect([await accepts(primary.admin), await accepts(replica.admin)]).toEqual([true, false]);
    close();
  });

  it("that takes no writes for want of replicas signs nobody out, and is an outage to who signs in", async () => {
    const { authenticator } = await personWithPasskey(world);
    const browser = world.browser();
    expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
    const { admin } = topology.shardOf("").primary;
    await admin.configSet("min-replicas-to-write", "2");
    const start = world.browser().post("/api/passkeys/login/start");
    expect(await answerOf(start)).toMatchObject(problem(503, "dependency_unavailable"));
    const looked = answerOf(browser.fetch("/api/auth/session"));
    expect(await looked).toMatchObject({ status: 200, body: { authenticated: true } });
    await admin.configSet("min-replicas-to-write", "0");
    expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
  });

  itSurvivesFailover(
    () => world,
    () => topology,
    true,
  );
});
