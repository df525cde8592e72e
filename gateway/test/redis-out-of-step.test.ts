import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { createRedis, type Redis } from "../src/redis.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { keepWarnings } from "./support/kept-warnings.ts";
import { redisSettingsOf } from "./support/redis-settings-of.ts";

const KEYS = ["test:step:0", "test:step:1", "test:step:2"];
/** The first byte of what comes of it begins no answer. */
const SEED = 1;
/** So many take longer than a connection that is lost and made again. */
const ROUNDS = 15_000;

let front: FaultProxy;
let redis: Redis;
let connections: number;
let warnings: ReturnType<typeof keepWarnings>;
beforeEach(async () => {
  front = await startFaultProxy(inject("stack").redisUrl);
  warnings = keepWarnings();
  redis = createRedis(redisSettingsOf({ REDIS_URL: front.url }), warnings.log);
  connections = 0;
  redis.on("ready", () => {
    connections += 1;
  });
  await redis.connect();
  for (const key of KEYS) await redis.set(key, key);
});
afterEach(async () => {
  front.heal();
  await redis.del(KEYS);
  redis.destroy();
  front.stop();
});

/** How often a question was given another's answer, or what is none; an error is no answer. */
async function wrongAnswers(until: () => boolean): Promise<number> {
  let wrong = 0;
  for (let round = 0; round < ROUNDS && !until(); round += 1) {
    await delay(1);
    const answers = await Promise.all(KEYS.map((key) => redis.get(key).catch(() => key)));
    wrong += answers.filter((answer, place) => answer !== KEYS[place]).length;
  }
  return wrong;
}

const isConnectedAnew = () => connections > 1 && redis.isReady;

it("after what is no answer nobody is given another's", async () => {
  front.turn({ kind: "garbage", seed: SEED });
  const lost = redis.get("test:step:0").catch(String);
  await expect.poll(warnings.text).toContain("Unknown RESP type");
  front.heal();
  expect(await wrongAnswers(isConnectedAnew)).toBe(0);
  expect(await lost).toContain("Disconnects");
});

it("after an answer too many it is noticed that answers are out of step", async () => {
  front.turn({ kind: "extra", text: "$5\r\nextra\r\n" });
  expect(await redis.get("test:step:0")).toBe("extra");
  front.heal();
  // Two at a time, so that there is always somebody to take another's answer.
  await Promise.all([wrongAnswers(isConnectedAnew), wrongAnswers(isConnectedAnew)]);
  let rounds = 0;
  expect(await wrongAnswers(() => ++rounds === 100)).toBe(0);
});
