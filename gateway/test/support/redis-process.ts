import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, type RedisClientType } from "redis";
import { findFreePort } from "../../../scripts/free-port.ts";
import { findProgram } from "../../../scripts/parts/find-program.ts";
import { createPart, type Part } from "../../../scripts/parts/part.ts";

/** Lines of a configuration file. */
export type RedisLines = readonly (readonly [string, string | number])[];

/** A real server of a topology, with a connection of the test's own. */
export type RedisProcess = {
  readonly port: number;
  readonly part: Part;
  readonly admin: RedisClientType;
  readonly stop: () => Promise<void>;
};

export type RedisPlan = {
  readonly folder: string;
  readonly password: string;
  readonly lines: RedisLines;
  readonly sentinel?: boolean;
};

/** Taken one after the other, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findFreePort());
  return [...ports];
}

function connectAdmin(port: number, password: string): RedisClientType {
  const url = `redis://127.0.0.1:${port}`;
  const admin: RedisClientType = createClient({
    url,
    password,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 100 },
  });
  return admin.on("error", () => undefined);
}

/** Starts redis-server, or a sentinel, in a folder of its own on loopback. It is killed when this process ends. */
export async function startRedisProcess(port: number, plan: RedisPlan): Promise<RedisProcess> {
  const dir = join(plan.folder, String(port));
  const file = join(dir, "redis.conf");
  const lines: RedisLines = [["port", port], ["bind", "127.0.0.1"], ["dir", dir], ...plan.lines];
  const admin = connectAdmin(port, plan.password);
  const part = createPart(
    {
      name: `redis ${port}`,
      command: findProgram("redis-server") ?? "redis-server",
      args: plan.sentinel ? [file, "--sentinel"] : [file],
      env: { PATH: process.env.PATH },
      readyTimeout: 20_000,
      prepare: async () => {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        writeFileSync(file, lines.map((line) => `${line.join(" ")}\n`).join(""), { mode: 0o600 });
      },
      check: async () => {
        if (!admin.isOpen) void admin.connect().catch(() => undefined);
        await admin.ping();
      },
    },
    join(plan.folder, `${port}.log`),
  );
  await part.start();
  return {
    port,
    part,
    admin,
    stop: async () => {
      admin.destroy();
      await part.kill();
    },
  };
}

/** A server that keeps nothing on disk. @param masterauth with which a replica shows itself to its primary. */
export const storeLines = (password: string): RedisLines => [
  ["requirepass", password],
  ["masterauth", password],
  ["save", '""'],
  ["appendonly", "no"],
  ["repl-diskless-sync-delay", 0],
];

/** Breaks every connection to servers but the test's own. */
export const cutConnections = (servers: readonly RedisProcess[]): Promise<unknown> =>
  Promise.all(
    servers.flatMap(({ admin }) =>
      ["normal", "pubsub"].map((type) => admin.sendCommand(["CLIENT", "KILL", "TYPE", type])),
    ),
  );
