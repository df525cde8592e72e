import { createLookUps } from "../look-ups.ts";
import { whenThere } from "../soon.ts";
import type { NewsCache } from "./news-to-cache.ts";
import { publicSessionId, SESSION_PREFIX } from "./passkey-session.ts";
import type { StoredPasskeySession, StoredSessions } from "./passkey-session-store.ts";

export type DecodedSessions = StoredSessions &
  Required<Omit<NewsCache, "dropKratosCookie">> & {
    /** By the key in Redis; null: any may have changed. */
    readonly dropKey: (key: string | null) => void;
  };

type Answer = { readonly sessionId: string; readonly found: StoredPasskeySession | null };

/**
 * Keeps the decoded session of each cookie in use, so that a request costs no question to Redis. What changes or ends is
 * dropped by the server's push and by the news of the replicas; time is the last resort.
 * @param ttl milliseconds a session is kept at most; 0 keeps none (concurrent reads of a session are still one).
 */
export function createDecodedSessions(stored: StoredSessions, ttl: number): DecodedSessions {
  const sessions = createLookUps<Answer>({
    ttl,
    isKept: ({ found }) => found !== null,
    tagsOf: ({ sessionId, found }) => [publicSessionId(sessionId), ...(found ? [found.record.identity.id] : [])],
  });
  const ask = async (sessionId: string): Promise<Answer> => ({ sessionId, found: await stored.read(sessionId) });
  return {
    read: (sessionId) =>
      whenThere(
        sessions.get(sessionId, () => ask(sessionId)),
        ({ found }) => found,
      ),
    extend: (sessionId, end) => {
      sessions.drop(sessionId);
      return stored.extend(sessionId, end);
    },
    dropKey: (key) => {
      if (key === null) sessions.clear();
      else if (key.startsWith(SESSION_PREFIX)) sessions.drop(key.slice(SESSION_PREFIX.length));
    },
    dropSession: sessions.dropTagged,
    dropIdentity: sessions.dropTagged,
    dropAll: sessions.clear,
  };
}
