import type { Logger } from "pino";
import { createClient, type RedisClientType } from "redis";
import type { KeyWatch } from "./redis-key-watch.ts";

/** A connection to Redis. */
export type Redis = RedisClientType;

const CONNECT_TIMEOUT = 2_000;
const SILENCE_TIMEOUT = 4_000;
const PING_INTERVAL = 1_500;
const MAX_RECONNECT_DELAY = 1_000;

/**
 * A connection to Redis that fails fast: commands are refused while it is down, and a server that stops answering
 * is found by the pings' silence.
 * @param keyWatch told of changes of what is read over this connection.
 */
export function createRedis(url: string, log: Logger, keyWatch?: KeyWatch): Redis {
  const client: Redis = createClient({
    url,
    ...(keyWatch && { RESP: 3, clientSideCache: keyWatch }),
    disableOfflineQueue: true,
    pingInterval: PING_INTERVAL,
    socket: {
      connectTimeout: CONNECT_TIMEOUT,
      socketTimeout: SILENCE_TIMEOUT,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 5), MAX_RECONNECT_DELAY),
    },
  });
  client.on("error", (error: unknown) => log.warn({ err: error, dependency: "redis" }, "redis"));
  client.on("ready", () => log.info({ dependency: "redis" }, "redis is connected"));
  return client;
}
