import type { Logger } from "pino";
import type { RedisClientType } from "redis";
import { createAskedDirectory } from "./redis/create-directory.ts";
import { createDeletions, type Deletions } from "./redis/redis-deletions.ts";
import { warnOfEviction } from "./redis/redis-eviction.ts";
import { createRoutedRedis } from "./redis/redis-routed.ts";
import { createRoutedSubscriber } from "./redis/redis-routed-subscriber.ts";
import { accessOf, type ClientSideCache, type Connect, createConnect, placeOf } from "./redis/redis-server.ts";
import type { RedisSettings } from "./redis/redis-settings.ts";

type Commands =
  | "get"
  | "mGet"
  | "set"
  | "del"
  | "getDel"
  | "pExpireTime"
  | "pExpireAt"
  | "zRange"
  | "zRem"
  | "sMembers"
  | "eval"
  | "publish"
  | "ping"
  | "isReady";

/**
 * Redis, be it one server, a primary that sentinels name, or a cluster. Each command has one key, so that it has one server;
 * commands are refused at once while that is away.
 */
export type Redis = Pick<RedisClientType, Commands> & {
  /** For several commands on one key, as a transaction. */
  readonly withKey: <T>(key: string, run: (server: RedisClientType) => Promise<T>) => Promise<T>;
  /** Resolves when it can be reached for the first time. */
  readonly connect: () => Promise<unknown>;
  /** Told whenever a server can be reached anew. */
  readonly on: (event: "ready", listener: () => void) => unknown;
  /** When what is under way is done. */
  readonly close: () => Promise<unknown>;
  readonly destroy: () => void;
};

/** A connection that listens to channels. */
export type Subscriber = Pick<Redis, "connect" | "on" | "destroy"> & {
  /** One listener a channel; told again after each loss, before `ready`. */
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>;
};

export type RedisOptions = {
  /** Told which of the keys that were read changed, and that all may have when a connection was lost. */
  readonly keyWatch?: ClientSideCache;
  /** What was deleted over all connections that share it. */
  readonly deletions?: Deletions;
};

const DEFAULT_PORT = 6_379;

const onlyPlace = ({ urls: [url = ""] }: RedisSettings) => placeOf(url, DEFAULT_PORT);

function createSingleRedis(settings: RedisSettings, connect: Connect, deletions: Deletions): Redis {
  const client = connect(onlyPlace(settings));
  client.on("ready", () => deletions.repeat(client));
  const own = {
    del: client.del.bind(client),
    getDel: client.getDel.bind(client),
    set: client.set.bind(client),
    eval: client.eval.bind(client),
  };
  const withKey: Redis["withKey"] = (_key, run) => run(client);
  return Object.assign(client, deletions.remembered(own), { withKey });
}

/** Connections to servers of which it is said when they may lose what they hold. */
const watched =
  (connect: Connect, log: Logger): Connect =>
  (place) => {
    const server = connect(place);
    return server.on("ready", () => void warnOfEviction(server, log));
  };

/**
 * A connection to Redis that fails fast and recovers by itself, also to another server after a failover.
 */
export function createRedis(settings: RedisSettings, log: Logger, options: RedisOptions = {}): Redis {
  const { keyWatch, deletions = createDeletions(settings.mode) } = options;
  const connect = watched(createConnect(accessOf(settings), log, keyWatch), log);
  if (settings.mode === "single") return createSingleRedis(settings, connect, deletions);
  return createRoutedRedis({ directory: createAskedDirectory(settings), connect, deletions, log });
}

/** A connection of its own to listen: one that does so can do little else. */
export function createSubscriber(settings: RedisSettings, log: Logger): Subscriber {
  const connect = createConnect(accessOf(settings), log);
  if (settings.mode === "single") return connect(onlyPlace(settings));
  return createRoutedSubscriber({ directory: createAskedDirectory(settings), connect, log });
}
