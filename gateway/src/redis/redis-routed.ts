import { ClientOfflineError } from "redis";
import type { Redis } from "../redis.ts";
import type { Deletions } from "./redis-deletions.ts";
import { createRedisNodes, type RedisNodesDeps } from "./redis-nodes.ts";

export type RoutedDeps = Pick<RedisNodesDeps, "directory" | "connect" | "log"> & { readonly deletions: Deletions };

/** Redis over several servers: each command goes where its key is. */
export function createRoutedRedis({ deletions, ...deps }: RoutedDeps): Redis {
  const listeners: (() => void)[] = [];
  const first = Promise.withResolvers<void>();
  const nodes = createRedisNodes({
    ...deps,
    onConnected: deletions.repeat,
    onUsable: () => {
      first.resolve();
      for (const listener of listeners) listener();
    },
  });
  const withKey: Redis["withKey"] = nodes.runWithKey;
  const anyServer = () => {
    const [server] = nodes.usable();
    if (!server) throw new ClientOfflineError();
    return server;
  };
  const get: Redis["get"] = (key) => withKey(String(key), (server) => server.get(key));
  return {
    withKey,
    get,
    mGet: (keys) => Promise.all([keys].flat().map((key) => get(key))),
    ...deletions.remembered({
      del: async (keys) => {
        const counts = [keys].flat().map((key) => withKey(String(key), (server) => server.del(key)));
        return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      },
      getDel: (key) => withKey(String(key), (server) => server.getDel(key)),
      eval: (script, options) => withKey(String(options?.keys?.[0] ?? ""), (server) => server.eval(script, options)),
      set: (key, ...rest) => withKey(String(key), (server) => server.set(key, ...rest)),
    }),
    pExpireTime: (key) => withKey(String(key), (server) => server.pExpireTime(key)),
    pExpireAt: (key, ...rest) => withKey(String(key), (server) => server.pExpireAt(key, ...rest)),
    zRange: (key, ...rest) => withKey(String(key), (server) => server.zRange(key, ...rest)),
    zRem: (key, member) => withKey(String(key), (server) => server.zRem(key, member)),
    sMembers: (key) => withKey(String(key), (server) => server.sMembers(key)),
    publish: async (channel, message) => anyServer().publish(channel, message),
    ping: async () => {
      const usable = nodes.usable();
      if (usable.length === 0 || usable.length < nodes.count()) throw new ClientOfflineError();
      await Promise.all(usable.map((server) => server.ping()));
      return "PONG";
    },
    get isReady() {
      return nodes.usable().length > 0;
    },
    connect: async () => {
      await Promise.all([nodes.refresh(), first.promise]);
    },
    on: (_event, listener) => void listeners.push(listener),
    close: nodes.close,
    destroy: nodes.destroy,
  };
}
