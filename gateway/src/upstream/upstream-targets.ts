import { createPool, createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";
import type { ConnectionPool } from "./wire/connection-pool.ts";

/** The servers requests are sent on to, each address with a pool of its own of connections kept open. */
export type UpstreamTargets = {
  readonly at: (url: URL) => UpstreamTarget;
  /** Closes every connection, those in use as well. */
  readonly close: () => void;
};

/** What is new is kept, for as long as the process lives: rules name few addresses. */
function remembered<T>(known: Map<string, T>, key: string, create: () => T): T {
  const old = known.get(key);
  if (old !== undefined) return old;
  const made = create();
  known.set(key, made);
  return made;
}

export function createUpstreamTargets(): UpstreamTargets {
  const pools = new Map<string, ConnectionPool>();
  const targets = new Map<string, UpstreamTarget>();
  return {
    at: (url) =>
      remembered(targets, url.href, () =>
        createUpstreamTarget(url, { pool: remembered(pools, url.origin, () => createPool(url)) }),
      ),
    close: () => {
      for (const pool of pools.values()) pool.close();
    },
  };
}
