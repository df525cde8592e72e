import type { RedisClientType } from "redis";
import { OutageError } from "../errors.ts";
import type { Soon } from "../soon.ts";
import { type PasskeySessionRecord, passkeySessionRecord, publicSessionId, SESSION_PREFIX } from "./passkey-session.ts";

export type StoredPasskeySession = { readonly record: PasskeySessionRecord; readonly expiresAt: number };

function parseRecord(json: string) {
  try {
    return passkeySessionRecord.safeParse(JSON.parse(json).passkey).data ?? null;
  } catch {
    return null;
  }
}

/** Which answer is whose goes by their order on the connection: a mistake there must not sign anybody in as another. */
function assertOwn({ id }: PasskeySessionRecord, sessionId: string): void {
  if (id === undefined || id === publicSessionId(sessionId)) return;
  throw new OutageError("redis", new Error("Redis answered with another session than was asked for"));
}

/**
 * Reads the store past express-session: a read must not cost a write, and an outage must be told from an absence.
 * Rejects as Redis does, and with OutageError where the answer is another session's; null for what is not there, has no
 * end, or is no session.
 */
export async function readPasskeySession(
  redis: Pick<RedisClientType, "get" | "pExpireTime">,
  sessionId: string,
): Promise<StoredPasskeySession | null> {
  const key = SESSION_PREFIX + sessionId;
  const [json, expiresAt] = await Promise.all([redis.get(key), redis.pExpireTime(key)]);
  const record = json === null ? null : parseRecord(json);
  if (record) assertOwn(record, sessionId);
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
