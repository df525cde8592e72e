import { LRUCache } from "lru-cache";
import type { RedisClientType } from "redis";
import { clusterSlot } from "./cluster-slot.ts";
import type { RedisMode } from "./redis-settings.ts";

const REMEMBERED_FOR = 10 * 60_000;
const REMEMBERED = 20_000;
/** In one command: Redis does nothing else meanwhile. */
const AT_ONCE = 1_000;

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

/** A command's keys must be of one slot in a cluster. */
function groupsOf(keys: readonly string[], mode: RedisMode): readonly string[][] {
  const groups = mode === "cluster" ? [...Map.groupBy(keys, clusterSlot).values()] : [[...keys]];
  const inParts = (group: readonly string[]) =>
    Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, part) =>
      group.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
    );
  return groups.flatMap(inParts);
}

/** @param mode of the servers that share them. */
export function createDeletions(mode: RedisMode): Deletions {
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
      for (const group of groupsOf([...keys.keys()], mode)) server.del(group).catch(() => undefined);
    },
  };
}
