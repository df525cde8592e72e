import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { clusterSlot } from "../../src/redis/cluster-slot.ts";
import { cutConnections, freePorts, type RedisProcess, startRedisProcess, storeLines } from "./redis-process.ts";

/** A primary and who takes its place. */
export type RedisShard = { readonly primary: RedisProcess; readonly replica: RedisProcess };

/** Several real Redis servers that stand in for each other. */
export type RedisTopology = {
  /** The gateway's settings. */
  readonly env: Readonly<Record<string, string>>;
  /** Whose key it is before any failover. */
  readonly shardOf: (key: string) => RedisShard;
  /** Breaks every connection but the tests' own. */
  readonly cutConnections: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
};

/** The discard service's. */
const NOBODY = 9;
const secret = () => randomBytes(16).toString("hex");
const newFolder = () => mkdtempSync(join(tmpdir(), "passbridge-redis-"));
/** expect.poll needs a test around it. */
const becomes = <T>(what: string, ask: () => Promise<T>, hold: (answer: T) => void) =>
  waitUntil(async () => hold(await ask()), { what, timeout: 40_000 });

/** The settings' list of addresses; at the first of them nobody is. */
const addresses = (password: string, ports: readonly number[]) =>
  [NOBODY, ...ports].map((port) => `redis://:${password}@127.0.0.1:${port}`).join(",");

async function stopAll(processes: readonly RedisProcess[], folder: string): Promise<void> {
  await Promise.all(processes.map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
}

const isFollowing = ({ admin }: RedisProcess) =>
  becomes(
    "a replica that follows",
    () => admin.info("replication"),
    (told) => expect(told).toContain("master_link_status:up"),
  );

const sentinelLines = (primaryPort: number, password: string, own: string) =>
  [
    ["requirepass", own],
    ["sentinel", `monitor main 127.0.0.1 ${primaryPort} 2`],
    ["sentinel", `auth-pass main ${password}`],
    ["sentinel", "down-after-milliseconds main 3000"],
    ["sentinel", "failover-timeout main 10000"],
    ["sentinel", `sentinel-pass ${own}`],
  ] as const;

const knowsTheOthers = ({ admin }: RedisProcess) =>
  becomes(
    "a sentinel that knows the others",
    () => admin.sendCommand(["INFO", "sentinel"]),
    (told) => expect(String(told)).toMatch(/status=ok.*slaves=1,sentinels=3/),
  );

/** A primary, its replica and three sentinels, which have a password of their own. */
export async function startSentinels(): Promise<RedisTopology> {
  const folder = newFolder();
  const [password, own] = [secret(), secret()];
  const [first = 0, second = 0, ...others] = await freePorts(5);
  const lines = storeLines(password);
  const [primary, replica] = await Promise.all([
    startRedisProcess(first, { folder, password, lines }),
    startRedisProcess(second, { folder, password, lines: [...lines, ["replicaof", `127.0.0.1 ${first}`]] }),
  ]);
  await isFollowing(replica);
  const plan = { folder, password: own, sentinel: true, lines: sentinelLines(first, password, own) };
  const sentinels = await Promise.all(others.map((port) => startRedisProcess(port, plan)));
  await Promise.all(sentinels.map(knowsTheOthers));
  return {
    env: {
      REDIS_MODE: "sentinel",
      REDIS_URL: addresses(password, others),
      REDIS_SENTINEL_MASTER: "main",
      REDIS_SENTINEL_PASSWORD: own,
    },
    shardOf: () => ({ primary, replica }),
    cutConnections: () => cutConnections([primary]),
    stop: () => stopAll([primary, replica, ...sentinels], folder),
  };
}

const PRIMARIES = 3;
const SLOTS = 16_384;
const slotStart = (index: number) => Math.floor((index * SLOTS) / PRIMARIES);

const shardIndex = (key: string) =>
  Array.from({ length: PRIMARIES }, (_, index) => slotStart(index)).findLastIndex((start) => start <= clusterSlot(key));

const clusterLines = (password: string, busPort: number) =>
  [
    ...storeLines(password),
    ["cluster-enabled", "yes"],
    ["cluster-port", busPort],
    ["cluster-node-timeout", 3000],
    ["cluster-replica-validity-factor", 0],
    ["cluster-require-full-coverage", "no"],
  ] as const;

async function joinCluster(nodes: readonly RedisProcess[], busPorts: readonly number[]): Promise<void> {
  const [first, ...rest] = nodes;
  if (!first) return;
  const meet = (node: RedisProcess, bus: number | undefined) =>
    first.admin.sendCommand(["CLUSTER", "MEET", "127.0.0.1", String(node.port), String(bus)]);
  await Promise.all(rest.map((node, index) => meet(node, busPorts[index + 1])));
  const addSlots = ({ admin }: RedisProcess, index: number) =>
    admin.clusterAddSlotsRange({ start: slotStart(index), end: slotStart(index + 1) - 1 });
  await Promise.all(nodes.slice(0, PRIMARIES).map(addSlots));
  const replicate = async ({ admin }: RedisProcess, index: number) => {
    const primaryId = await nodes[index]?.admin.clusterMyId();
    await becomes(
      "a replica that knows its primary",
      () => admin.clusterReplicate(String(primaryId)),
      (answer) => expect(answer).toBe("OK"),
    );
  };
  await Promise.all(nodes.slice(PRIMARIES).map(replicate));
  await Promise.all(nodes.slice(PRIMARIES).map(isFollowing));
  // Lets a test look at what a replica has.
  await Promise.all(nodes.slice(PRIMARIES).map(({ admin }) => admin.sendCommand(["READONLY"])));
  const sees = ({ admin }: RedisProcess) =>
    becomes(
      "a whole cluster",
      async () => [await admin.clusterInfo(), (await admin.clusterNodes()).match(/\bslave /g)?.length],
      (told) => expect(told).toEqual([expect.stringContaining("cluster_state:ok"), PRIMARIES]),
    );
  await Promise.all(nodes.map(sees));
}

/** Moves the slot of a key to the next primary, in whose hands it stays. @param meanwhile while it is on its way. */
async function moveSlot(nodes: readonly RedisProcess[], key: string, meanwhile: () => Promise<void>): Promise<void> {
  const slot = String(clusterSlot(key));
  const from = nodes[shardIndex(key)];
  const to = nodes[(shardIndex(key) + 1) % PRIMARIES];
  const ids = await Promise.all([from, to].map((node) => node?.admin.clusterMyId()));
  const [fromId, toId] = ids.map(String);
  const set = (node: RedisProcess | undefined, ...words: (string | undefined)[]) =>
    node?.admin.sendCommand(["CLUSTER", "SETSLOT", slot, ...words.map(String)]);
  await set(to, "IMPORTING", fromId);
  await set(from, "MIGRATING", toId);
  await meanwhile();
  await set(to, "NODE", toId);
  await set(from, "NODE", toId);
}

export type RedisCluster = RedisTopology & {
  readonly moveSlot: (key: string, meanwhile: () => Promise<void>) => Promise<void>;
};

/** Three primaries with a replica each. */
export async function startCluster(): Promise<RedisCluster> {
  const folder = newFolder();
  const password = secret();
  const ports = await freePorts(4 * PRIMARIES);
  const [own, busPorts] = [ports.slice(0, 2 * PRIMARIES), ports.slice(2 * PRIMARIES)];
  const nodes = await Promise.all(
    own.map((port, index) =>
      startRedisProcess(port, { folder, password, lines: clusterLines(password, busPorts[index] ?? 0) }),
    ),
  );
  await joinCluster(nodes, busPorts);
  return {
    env: {
      REDIS_MODE: "cluster",
      REDIS_URL: addresses(password, own.slice(0, 2)),
    },
    shardOf: (key) => {
      const [primary, replica] = [nodes[shardIndex(key)], nodes[shardIndex(key) + PRIMARIES]];
      if (!primary || !replica) throw new Error(`nobody has ${key}`);
      return { primary, replica };
    },
    moveSlot: (key, meanwhile) => moveSlot(nodes, key, meanwhile),
    cutConnections: () => cutConnections(nodes.slice(0, PRIMARIES)),
    stop: () => stopAll(nodes, folder),
  };
}
