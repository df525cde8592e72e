import { LRUCache } from "lru-cache";
import type { Redis } from "../redis.ts";
import { askRedis } from "../redis-errors.ts";
import type { SourceSession } from "./session.ts";

const PREFIX = "passbridge:session-used:";
const WRITTEN_EVERY = 60_000;
const REMEMBERED = 50_000;

/** When sessions of either kind were last used. */
export type SessionUseStore = {
  /** Notes a use, at most once a minute for each session. Never throws: what is lost is a minute in a list. */
  readonly note: (session: SourceSession, now: Date) => void;
  /** When each was last used; null where that is not known. Throws OutageError. */
  readonly of: (ids: readonly string[]) => Promise<readonly (Date | null)[]>;
};

/** A key of its own for each session, so that noting a use can bring nothing back that was ended meanwhile. */
export function createSessionUseStore(redis: Pick<Redis, "set" | "mGet">): SessionUseStore {
  const written = new LRUCache<string, number>({ max: REMEMBERED });
  return {
    note: ({ id, expiresAt }, now) => {
      const time = now.getTime();
      if (time - (written.get(id) ?? 0) < WRITTEN_EVERY) return;
      written.set(id, time);
      // A minute longer than the session, which another replica may have extended since.
      const expiration = { type: "PXAT", value: expiresAt.getTime() + WRITTEN_EVERY } as const;
      redis.set(PREFIX + id, String(time), { expiration }).catch(() => {
        // The next use is noted, or meets the outage itself.
        written.delete(id);
      });
    },
    of: (ids) =>
      askRedis(async () => {
        if (ids.length === 0) return [];
        const times = await redis.mGet(ids.map((id) => PREFIX + id));
        return times.map((time) => (time === null ? null : new Date(Number(time))));
      }),
  };
}
