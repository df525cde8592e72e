import { LRUCache } from "lru-cache";
import type { RedisClientType } from "redis";

const REMEMBERED_FOR = 10 * 60_000;
const REMEMBERED = 20_000;

/**
 * What was deleted lately, to be deleted again wherever a server is connected anew: it may have lost the deletion, as a
 * replica that was promoted before it had it, and what it holds then was ended (docs/decisions/0030).
 */
export type Deletions = {
  /** Wraps what deletes keys, and what makes them anew. */
  readonly remembered: (redis: Deleting) => Deleting;
  /** Deletes it again; what is not this server's to delete it refuses. */
  readonly repeat: (server: RedisClientType) => void;
};

type Deleting = Pick<RedisClientType, "del" | "getDel" | "set" | "eval">;

export function createDeletions(): Deletions {
  const keys = new LRUCache<string, true>({ max: REMEMBERED, ttl: REMEMBERED_FOR });
  return {
    remembered: (redis) => ({
      del: async (deleted) => {
        const count = await redis.del(deleted);
        for (const key of [deleted].flat()) keys.set(String(key), true);
        return count;
      },
      getDel: async (key) => {
        const value = await redis.getDel(key);
        if (value !== null) keys.set(String(key), true);
        return value;
      },
      set: (key, ...rest) => {
        keys.delete(String(key));
        return redis.set(key, ...rest);
      },
      eval: (script, options) => {
        for (const key of options?.keys ?? []) keys.delete(String(key));
        return redis.eval(script, options);
      },
    }),
    repeat: (server) => {
      for (const key of keys.keys()) server.del(key).catch(() => undefined);
    },
  };
}
