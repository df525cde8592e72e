import { createHash } from "node:crypto";
import { createLookUps } from "../look-ups.ts";
import type { SourceAnswer } from "../sessions/session.ts";
import type { KratosClient } from "./kratos-client.ts";

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
  const lookUps = createLookUps<SourceAnswer>({ ttl, isKept: ({ kind }) => kind !== "unavailable" });
  return {
    whoami: (cookie) => lookUps.get(keyOf(cookie), () => kratos.whoami(cookie)),
    drop: (cookie) => lookUps.drop(keyOf(cookie)),
  };
}
