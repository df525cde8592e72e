import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";

const MAX_ENTRIES = 50_000;
const TTL = 5_000;
const OUTAGE_PAUSE = 5_000;

/** How many passkeys an identity has, for the session object; polled, so kept close for a few seconds. */
export type PasskeySummary = {
  /** null when the store could not be asked and nothing is known: an outage there must not end a session. */
  readonly count: (identityId: string) => Promise<number | null>;
  /** Forgets what is known, after a change. */
  readonly drop: (identityId: string) => void;
};

/**
 * While the store is away it is asked again only every few seconds: a store that hangs must not slow every poll.
 * @param countOf asks the store; may throw OutageError.
 */
export function createPasskeySummary(countOf: (identityId: string) => Promise<number>, clock: Clock): PasskeySummary {
  const fresh = new LRUCache<string, number>({ max: MAX_ENTRIES, ttl: TTL });
  const lastKnown = new LRUCache<string, number>({ max: MAX_ENTRIES });

  let pausedUntil = 0;

  return {
    count: async (identityId) => {
      const known = fresh.get(identityId);
      if (known !== undefined) return known;
      if (clock().getTime() < pausedUntil) return lastKnown.get(identityId) ?? null;
      try {
        const count = await countOf(identityId);
        fresh.set(identityId, count);
        lastKnown.set(identityId, count);
        return count;
      } catch {
        pausedUntil = clock().getTime() + OUTAGE_PAUSE;
        return lastKnown.get(identityId) ?? null;
      }
    },
    drop: (identityId) => {
      fresh.delete(identityId);
    },
  };
}
