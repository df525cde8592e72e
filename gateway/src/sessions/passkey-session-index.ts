import type { Adapters } from "../adapters.ts";
import { askRedis } from "../redis-errors.ts";
import { SESSION_PREFIX } from "./passkey-session.ts";

/** Which passkey sessions an identity has, so that all of them can be ended. Throws OutageError. */
export type PasskeySessionIndex = {
  readonly add: (identityId: string, sessionId: string, endsAt: number) => Promise<void>;
  readonly remove: (identityId: string, sessionId: string) => Promise<void>;
  /** Ends every session of the identity but the kept one; the ids of those that were live. */
  readonly endAll: (identityId: string, keptSessionId?: string | null) => Promise<readonly string[]>;
};

const keyOf = (identityId: string) => `passbridge:identity-sessions:${identityId}`;

/** A sorted set per identity, scored by the time each session ends at the latest; it expires with its last member. */
export function createPasskeySessionIndex(redis: Adapters["redis"]): PasskeySessionIndex {
  return {
    add: (identityId, sessionId, endsAt) =>
      askRedis(async () => {
        const key = keyOf(identityId);
        await redis
          .multi()
          .zRemRangeByScore(key, 0, Date.now())
          .zAdd(key, { score: endsAt, value: sessionId })
          .pExpireAt(key, endsAt)
          .exec();
      }),
    remove: (identityId, sessionId) =>
      askRedis(async () => {
        await redis.zRem(keyOf(identityId), sessionId);
      }),
    endAll: (identityId, keptSessionId = null) =>
      askRedis(async () => {
        const key = keyOf(identityId);
        const sessionIds = (await redis.zRange(key, 0, -1)).filter((id) => id !== keptSessionId);
        if (sessionIds.length === 0) return [];
        const deleted = await Promise.all(sessionIds.map((id) => redis.del(SESSION_PREFIX + id)));
        await redis.zRem(key, sessionIds);
        return sessionIds.filter((_, place) => deleted[place] === 1);
      }),
  };
}
