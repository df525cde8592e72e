import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { createRedis, createSubscriber } from "../src/redis.ts";
import { createMessages, type Messages } from "../src/redis-messages.ts";
import type { Fault } from "./support/fault.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { keepWarnings } from "./support/kept-warnings.ts";
import { redisSettingsOf } from "./support/redis-settings-of.ts";

const silent = pino({ level: "silent" });
const shape = z.object({ n: z.number() });

let front: FaultProxy;
let redis: ReturnType<typeof createRedis>;
let messages: Messages;
let listening: number;
let warned: object[];
let warnings: ReturnType<typeof keepWarnings>;
beforeEach(async () => {
  front = await startFaultProxy(inject("stack").redisUrl);
  redis = createRedis(redisSettingsOf({ REDIS_URL: inject("stack").redisUrl }), silent);
  await redis.connect();
  listening = 0;
  warned = [];
  warnings = keepWarnings();
  messages = createMessages(redis, createSubscriber(redisSettingsOf({ REDIS_URL: front.url }), warnings.log), {
    warn: (what: object) => void warned.push(what),
  });
  messages.onListening(() => {
    listening += 1;
  });
});
afterEach(async () => {
  messages.close();
  await redis.close();
  front.stop();
});

describe("messages between replicas", () => {
  it("are heard by topic, over one connection; what does not fit is logged and ignored", async () => {
    const heard: string[] = [];
    const [one, other] = [messages.topic("test:one", shape), messages.topic("test:other", shape)];
    one.listen(({ n }) => heard.push(`one ${n}`));
    other.listen(({ n }) => heard.push(`other ${n}`));
    await expect.poll(() => listening).toBe(2);
    for (const garbage of ["", "{", "null", '{"n":"1"}', "[]"]) await redis.publish("test:one", garbage);
    await one.announce({ n: 1 });
    await other.announce({ n: 2 });
    await expect.poll(() => heard).toEqual(["one 1", "other 2"]);
    expect(warned).toEqual(Array(5).fill({ channel: "test:one" }));
  });

  it.each<Fault>([
    { kind: "refuse" },
    { kind: "garbage", seed: 1 },
    { kind: "extra", text: "+OK\r\n" },
    { kind: "hang" },
  ])("are heard again after a loss ($kind), and it is told that some may have been missed", async (fault) => {
    const heard: number[] = [];
    const topic = messages.topic("test:lost", shape);
    topic.listen(({ n }) => heard.push(n));
    await expect.poll(() => listening).toBe(1);
    front.turn(fault);
    await topic.announce({ n: 1 });
    await expect.poll(warnings.text, { timeout: 10_000 }).toContain('"redis"');
    heard.length = 0;
    front.heal();
    await expect.poll(() => listening, { timeout: 10_000 }).toBe(2);
    await topic.announce({ n: 2 });
    await expect.poll(() => heard).toEqual([2]);
  });
});
