import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { createDatabase } from "../../src/database.ts";
import { NOBODY } from "../../src/kratos/kratos-client.ts";
import { createOryKratosClient } from "../../src/kratos/ory-kratos-client.ts";
import { createSparedKratos, type SparedKratos } from "../../src/kratos/spared-kratos.ts";
import { askPostgres } from "../../src/postgres-errors.ts";
import { createRedis } from "../../src/redis.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { redisSettingsOf } from "../support/redis-settings-of.ts";

const silent = pino({ level: "silent" });
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => "answered",
    () => "failed",
  );

describe("a Redis that hangs, under load", () => {
  let proxy: FaultProxy;
  let redis: ReturnType<typeof createRedis>;
  beforeEach(async () => {
    proxy = await startFaultProxy(inject("stack").redisUrl);
    redis = createRedis(redisSettingsOf({ REDIS_URL: proxy.url }), silent);
    await redis.connect();
  });
  afterEach(() => {
    redis.destroy();
    proxy.stop();
  });

  it("is broken off although commands go on being sent, fails at once from then on, and comes back", async () => {
    const asked: Promise<string>[] = [];
    const load = setInterval(() => asked.push(outcome(redis.get("passbridge:nothing"))), 10);
    try {
      await expect.poll(() => asked.length).toBeGreaterThan(2);
      expect(await asked[0]).toBe("answered");
      proxy.turn({ kind: "hang" });
      await expect.poll(() => redis.isReady, { timeout: 10_000 }).toBe(false);
      expect(await Promise.all(asked)).toContain("failed");
      expect(await outcome(redis.get("passbridge:nothing"))).toBe("failed");
      proxy.heal();
      await expect.poll(() => outcome(redis.get("passbridge:nothing")), { timeout: 10_000 }).toBe("answered");
    } finally {
      clearInterval(load);
    }
    await Promise.all(asked);
  });
});

describe("a PostgreSQL that hangs", () => {
  it("costs a few deadlines, then nothing; each of its connections is made anew when it is back", async () => {
    const proxy = await startFaultProxy(inject("stack").databaseUrl);
    const database = createDatabase(proxy.url, silent);
    const ask = () => askPostgres(() => database.raw("SELECT 1"));
    try {
      await Promise.all([ask(), ask(), ask()]);
      const before = proxy.connections();
      expect(before).toBeGreaterThan(0);
      proxy.turn({ kind: "hang" });
      const first = await Promise.all(Array.from({ length: 12 }, () => outcome(ask())));
      expect(new Set(first)).toEqual(new Set(["failed"]));
      const start = performance.now();
      for (let time = 0; time < 100; time += 1) expect(await outcome(ask())).toBe("failed");
      const spared = performance.now() - start;
      // A hundred questions cost less than one deadline.
      expect(spared).toBeLessThan(2_000);
      proxy.heal();
      await expect.poll(() => outcome(ask()), { timeout: 15_000 }).toBe("answered");
      expect(new Set(await Promise.all(Array.from({ length: 20 }, () => outcome(ask()))))).toEqual(
        new Set(["answered"]),
      );
    } finally {
      await database.destroy();
      proxy.stop();
    }
  });
});

describe("a PostgreSQL that says what is no message", () => {
  it("is one that did not answer; its connection is not used again", async () => {
    const proxy = await startFaultProxy(inject("stack").databaseUrl);
    const database = createDatabase(proxy.url, silent);
    const server = async () => (await askPostgres(() => database.raw("SELECT pg_backend_pid() AS pid"))).rows[0].pid;
    try {
      const first = await server();
      expect(await server()).toBe(first);
      proxy.turn({ kind: "extra", text: "\u0001\0\0\0\u0004" });
      await expect(server()).rejects.toMatchObject({ code: "dependency_unavailable" });
      proxy.heal();
      const next = await server();
      expect(next).toBeGreaterThan(0);
      expect(next).not.toBe(first);
    } finally {
      await database.destroy();
      proxy.stop();
    }
  });
});

describe("a Kratos behind a circuit", () => {
  let front: FaultProxy;
  let back: FaultProxy;
  let kratos: SparedKratos;
  let states: object[];
  beforeEach(async () => {
    const { kratosPublicUrl, kratosAdminUrl } = inject("stack");
    [front, back] = await Promise.all([startFaultProxy(kratosPublicUrl), startFaultProxy(kratosAdminUrl)]);
    states = [];
    const client = createOryKratosClient({
      publicUrl: new URL(front.url),
      adminUrl: new URL(back.url),
      timeout: 1_000,
      sessionCacheTtl: 0,
      identityCacheTtl: 0,
    });
    kratos = createSparedKratos(client, { warn: (what: object) => void states.push(what) }, { pause: 100 });
  });
  afterEach(() => {
    kratos.close();
    front.stop();
    back.stop();
  });
  const times = async (count: number, ask: () => Promise<unknown>) => {
    const start = performance.now();
    const outcomes = new Set<string>();
    for (let time = 0; time < count; time += 1) outcomes.add(await outcome(ask()));
    return { outcomes: [...outcomes], took: performance.now() - start };
  };
  const find = () => kratos.findIdentity(NOBODY);
  const state = (api: string, circuit: string) => ({ dependency: "kratos", api, circuit });

  it("that hangs costs three deadlines, then nothing, each API for itself, until it is back", async () => {
    expect(await outcome(find())).toBe("answered");
    back.turn({ kind: "hang" });
    expect((await times(3, find)).outcomes).toEqual(["failed"]);
    expect(states).toEqual([state("admin", "open")]);
    const spared = await times(200, find);
    expect(spared.outcomes).toEqual(["failed"]);
    // Two hundred questions cost less than one deadline.
    expect(spared.took).toBeLessThan(1_000);
    expect(await kratos.whoami("nobody's")).toEqual({ kind: "none" });
    back.heal();
    await expect.poll(() => outcome(find())).toBe("answered");
    expect(states).toEqual([state("admin", "open"), state("admin", "closed")]);
  });

  it("that answers with errors is asked each time: nobody's account can shut the others out", async () => {
    back.turn({ kind: "status", status: 500 });
    expect((await times(10, find)).outcomes).toEqual(["failed"]);
    back.heal();
    expect(await outcome(find())).toBe("answered");
    expect(states).toEqual([]);
  });

  it("says that a session could not be asked for, at once", async () => {
    front.turn({ kind: "refuse" });
    for (let time = 0; time < 5; time += 1) {
      expect(await kratos.whoami("somebody's")).toMatchObject({ kind: "unavailable" });
    }
    expect(states).toEqual([state("public", "open")]);
    front.heal();
    await expect.poll(() => kratos.whoami("nobody's")).toEqual({ kind: "none" });
  });
});
