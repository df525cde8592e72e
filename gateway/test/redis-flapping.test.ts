import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRedis } from "../src/redis.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { freePorts, type RedisProcess, startRedisProcess } from "./support/redis-process.ts";
import { redisSettingsOf } from "./support/redis-settings-of.ts";

const folder = mkdtempSync(join(tmpdir(), "passbridge-redis-"));
let server: RedisProcess;
let front: FaultProxy;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  server = await startRedisProcess(port, { folder, password: "", lines: [["save", '""']] });
  front = await startFaultProxy(`redis://127.0.0.1:${port}`);
});
afterAll(async () => {
  front.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection through the fault proxy, and when it could be used. */
async function connect() {
  const redis = createRedis(redisSettingsOf({ REDIS_URL: front.url }), pino({ level: "silent" }));
  const usable: number[] = [];
  redis.on("ready", () => usable.push(performance.now()));
  await redis.connect();
  return { redis, usable };
}

const deletionsHeard = async () => Number(/cmdstat_del:calls=(\d+)/.exec(await server.admin.info("commandstats"))?.[1]);

it("connections that are lost as soon as they are made are made ever more seldom", async () => {
  const { redis, usable } = await connect();
  const asking = setInterval(() => void redis.get("x").catch(() => undefined), 1);
  front.turn({ kind: "cut", after: 400, by: "reset" });
  await expect.poll(() => usable.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(7);
  clearInterval(asking);
  const gaps = usable.slice(1).map((time, index) => time - (usable[index] ?? 0));
  // Timers may be a millisecond early. The first loss costs nothing.
  for (const [index, pause] of [50, 100, 200, 400].entries()) expect(gaps[index + 1]).toBeGreaterThan(pause - 2);
  front.heal();
  await expect.poll(() => redis.get("x").catch(String), { timeout: 10_000 }).toBeNull();
  redis.destroy();
});

it("what was deleted is deleted again with few commands, however much it is", async () => {
  const { redis, usable } = await connect();
  const keys = Array.from({ length: 2_500 }, (_, index) => `test:ended:${index}`);
  await redis.del(keys);
  for (const key of keys) await server.admin.set(key, "back again");
  const before = await deletionsHeard();
  front.turn({ kind: "refuse" });
  await expect.poll(() => redis.isReady).toBe(false);
  front.heal();
  await expect.poll(() => usable.length, { timeout: 10_000 }).toBe(2);
  expect(await redis.mGet(keys)).toEqual(keys.map(() => null));
  expect((await deletionsHeard()) - before).toBe(3);
  redis.destroy();
});
