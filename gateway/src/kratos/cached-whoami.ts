import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { SourceAnswer } from "../sessions/session.ts";
import type { KratosClient } from "./kratos-client.ts";

const MAX_ENTRIES = 50_000;

export type CachedWhoami = {
  /** Like KratosClient.whoami; an answer is kept for the cache's time, an outage never. */
  readonly whoami: (sessionCookie: string) => Promise<SourceAnswer>;
  /** Forgets what is known of a cookie, at once. */
  readonly drop: (sessionCookie: string) => void;
};

const keyOf = (cookie: string) => createHash("sha256").update(cookie).digest("base64url");

/**
 * Keeps Kratos' answers by the cookie's hash and makes identical concurrent look-ups one.
 * An answer that was under way when its cookie was dropped is given to those who waited, but not kept.
 * @param ttl milliseconds; 0 keeps nothing (concurrent look-ups are still one).
 */
export function createCachedWhoami(kratos: Pick<KratosClient, "whoami">, ttl: number): CachedWhoami {
  const answers = new LRUCache<string, SourceAnswer>({ max: MAX_ENTRIES, ...(ttl > 0 && { ttl }) });
  const pending = new Map<string, Promise<SourceAnswer>>();

  const ask = async (key: string, cookie: string): Promise<SourceAnswer> => {
    const asked = kratos.whoami(cookie);
    pending.set(key, asked);
    const answer = await asked;
    if (pending.get(key) === asked) {
      pending.delete(key);
      if (ttl > 0 && answer.kind !== "unavailable") answers.set(key, answer);
    }
    return answer;
  };

  return {
    whoami: (cookie) => {
      const key = keyOf(cookie);
      const known = answers.get(key);
      if (known) return Promise.resolve(known);
      return pending.get(key) ?? ask(key, cookie);
    },
    drop: (cookie) => {
      const key = keyOf(cookie);
      answers.delete(key);
      pending.delete(key);
    },
  };
}
