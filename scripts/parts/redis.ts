import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { findProgram } from "./find-program.ts";
import type { PartPlan } from "./part.ts";

export type RedisOptions = {
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  /** Keep the data over a restart of the machine; off in tests. */
  readonly persistent?: boolean;
};

/** The connection URL of the private Redis. */
export function redisUrl(options: Pick<RedisOptions, "port" | "password">): string {
  return `redis://:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}`;
}

/** AUTH and PING as inline commands (Redis protocol specification): no client library is needed for a health check. */
function ping({ port, password }: Pick<RedisOptions, "port" | "password">): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    let answer = "";
    socket.setTimeout(2_000, () => socket.destroy(new Error("Redis does not answer")));
    socket.on("connect", () => socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => (answer.includes("+PONG") ? resolve() : reject(new Error(answer.trim() || "no answer"))));
  });
}

/** redis.conf; a value is quoted, since a folder may have spaces. */
function configuration({ dataDir, port, password }: RedisOptions, persistent: boolean): string {
  const settings = {
    port: String(port),
    bind: "127.0.0.1",
    dir: dataDir,
    requirepass: password,
    "maxmemory-policy": "noeviction",
    appendonly: persistent ? "yes" : "no",
    save: persistent ? "300 1" : "",
    daemonize: "no",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}\n`);
  return lines.join("");
}

/**
 * A private Redis on the loopback address: password, its own folder, and never evicting, because a session is no cache.
 * @throws Failure when redis-server is not installed.
 */
export function planRedis(options: RedisOptions): PartPlan {
  const command = findProgram("redis-server");
  if (!command) throw new Failure("Redis is not installed.", "Install redis-server 7 or newer and start again.");
  const { dataDir, persistent = true } = options;
  const configFile = join(dataDir, "redis.conf");
  return {
    name: "redis",
    command,
    args: [configFile],
    env: { PATH: process.env.PATH },
    readyTimeout: 20_000,
    prepare: async () => {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      // In a file, since every account of the machine may read the arguments of a process.
      writeFileSync(configFile, configuration(options, persistent), { mode: 0o600 });
    },
    check: () => ping(options),
  };
}
