import type { RedisClientType } from "redis";
import type { Soon } from "../soon.ts";
import { type PasskeySessionRecord, passkeySessionRecord, SESSION_PREFIX } from "./passkey-session.ts";

export type StoredPasskeySession = { readonly record: PasskeySessionRecord; readonly expiresAt: number };

function parseRecord(json: string) {
  try {
    return passkeySessionRecord.safeParse(JSON.parse(json).passkey).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Reads the store past express-session: a read must not cost a write, and an outage must be told from an absence.
 * Rejects as Redis does; null for what is not there, has no end, or is no session.
 */
export async function readPasskeySession(
  redis: Pick<RedisClientType, "get" | "pExpireTime">,
  sessionId: string,
): Promise<StoredPasskeySession | null> {
  const key = SESSION_PREFIX + sessionId;
  const [json, expiresAt] = await Promise.all([redis.get(key), redis.pExpireTime(key)]);
  const record = json === null ? null : parseRecord(json);
  return record && expiresAt > 0 ? { record, expiresAt } : null;
}

/** The gateway's own sessions as they are stored. Both reject as Redis does. */
export type StoredSessions = {
  /** Null: there is none. */
  readonly read: (sessionId: string) => Soon<StoredPasskeySession | null>;
  /**
   * Moves a session's end (milliseconds since the epoch) by EXPIRE alone, and only forward: one that was ended meanwhile
   * cannot come back.
   */
  readonly extend: (sessionId: string, end: number) => Promise<void>;
};

/** @param redis one connection, so that a read after an extension sees it. */
export function createStoredSessions(
  redis: Pick<RedisClientType, "get" | "pExpireTime" | "pExpireAt">,
): StoredSessions {
  return {
    read: (sessionId) => readPasskeySession(redis, sessionId),
    extend: async (sessionId, end) => {
      await redis.pExpireAt(SESSION_PREFIX + sessionId, end, "GT");
    },
  };
}
