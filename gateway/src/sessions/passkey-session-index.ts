import type { Adapters } from "../adapters.ts";
import type { Clock } from "../clock.ts";
import { askRedis } from "../redis-errors.ts";
import { LISTED_AT_MOST, type LiveSession } from "./live-session.ts";
import { publicSessionId, SESSION_PREFIX, toLiveSession } from "./passkey-session.ts";
import { readPasskeySession } from "./passkey-session-store.ts";

/** Which passkey sessions an identity has, so that they can be listed and ended. Throws OutageError. */
export type PasskeySessionIndex = {
  readonly add: (identityId: string, sessionId: string, endsAt: number) => Promise<void>;
  readonly remove: (identityId: string, sessionId: string) => Promise<void>;
  /** The live ones, those that were signed in last; the order is none. */
  readonly list: (identityId: string) => Promise<readonly LiveSession[]>;
  /** Ends the one session of the identity with this public id; false when there is none that is live. */
  readonly endOne: (identityId: string, publicId: string) => Promise<boolean>;
  /** Ends every session of the identity but the kept one; the ids of those that were live. */
  readonly endAll: (identityId: string, keptSessionId?: string | null) => Promise<readonly string[]>;
};

type Redis = Adapters["redis"];

const keyOf = (identityId: string) => `passbridge:identity-sessions:${identityId}`;

/**
 * Deletes sessions; those that were live. What was not there keeps its place in the index, until that runs out by itself:
 * a sign-in under way is in the index before its session is in the store, and must not be live and unknown afterwards.
 */
async function end(redis: Redis, identityId: string, sessionIds: readonly string[]): Promise<string[]> {
  const deleted = await Promise.all(sessionIds.map((id) => redis.del(SESSION_PREFIX + id)));
  const ended = sessionIds.filter((_, place) => deleted[place] === 1);
  if (ended.length > 0) await redis.zRem(keyOf(identityId), ended);
  return ended;
}

/** A member may have outlived its session, whose idle timeout comes before the end the index knows. */
async function listLive(redis: Redis, identityId: string, now: number): Promise<LiveSession[]> {
  const newest = await redis.zRange(keyOf(identityId), 0, LISTED_AT_MOST - 1, { REV: true });
  const read = await Promise.all(
    newest.map(async (sessionId) => {
      const stored = await readPasskeySession(redis, sessionId);
      if (!stored || stored.expiresAt <= now || stored.record.identity.id !== identityId) return [];
      return [toLiveSession(sessionId, stored.record, stored.expiresAt)];
    }),
  );
  return read.flat();
}

/** A sorted set per identity, scored by the time each session ends at the latest; it expires with its last member. */
export function createPasskeySessionIndex(redis: Redis, clock: Clock): PasskeySessionIndex {
  return {
    add: (identityId, sessionId, endsAt) =>
      askRedis(async () => {
        const key = keyOf(identityId);
        await redis.withKey(key, (server) =>
          server
            .multi()
            .zRemRangeByScore(key, 0, clock().getTime())
            .zAdd(key, { score: endsAt, value: sessionId })
            .pExpireAt(key, endsAt)
            .exec(),
        );
      }),
    remove: (identityId, sessionId) =>
      askRedis(async () => {
        await redis.zRem(keyOf(identityId), sessionId);
      }),
    list: (identityId) => askRedis(() => listLive(redis, identityId, clock().getTime())),
    endOne: (identityId, publicId) =>
      askRedis(async () => {
        const members = await redis.zRange(keyOf(identityId), 0, -1);
        const found = members.filter((sessionId) => publicSessionId(sessionId) === publicId);
        return (await end(redis, identityId, found)).length > 0;
      }),
    endAll: (identityId, keptSessionId = null) =>
      askRedis(async () => {
        const members = await redis.zRange(keyOf(identityId), 0, -1);
        return end(
          redis,
          identityId,
          members.filter((id) => id !== keptSessionId),
        );
      }),
  };
}
