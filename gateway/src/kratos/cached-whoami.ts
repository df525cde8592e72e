import { hash } from "node:crypto";
import { createLookUps } from "../look-ups.ts";
import type { SourceAnswer } from "../sessions/session.ts";
import type { Soon } from "../soon.ts";
import type { KratosClient } from "./kratos-client.ts";

export type CachedWhoami = {
  /** Like KratosClient.whoami; an answer is kept for the cache's time, an outage never. */
  readonly whoami: (sessionCookie: string) => Soon<SourceAnswer>;
  /** Forgets what is known of a cookie, at once. */
  readonly drop: (sessionCookie: string) => void;
  /** The same by the cookie's key, a session's id, or its identity. */
  readonly dropKratosCookie: (key: string) => void;
  readonly dropSession: (sessionId: string) => void;
  readonly dropIdentity: (identityId: string) => void;
  readonly dropAll: () => void;
};

/** What stands for a session cookie of Kratos where the cookie itself must not be known. */
export const kratosCookieKey = (cookie: string) => hash("sha256", cookie, "base64url");

const tagsOf = (answer: SourceAnswer) =>
  answer.kind === "session" ? [answer.session.id, answer.session.identity.id] : [];

/**
 * Keeps Kratos' answers by the cookie's hash and makes identical concurrent look-ups one.
 * An answer that was under way when its cookie was dropped is given to those who waited, but not kept.
 * @param ttl milliseconds; 0 keeps nothing (concurrent look-ups are still one).
 */
export function createCachedWhoami(kratos: Pick<KratosClient, "whoami">, ttl: number): CachedWhoami {
  const lookUps = createLookUps<SourceAnswer>({ ttl, isKept: ({ kind }) => kind !== "unavailable", tagsOf });
  return {
    whoami: (cookie) => lookUps.get(kratosCookieKey(cookie), () => kratos.whoami(cookie)),
    drop: (cookie) => lookUps.drop(kratosCookieKey(cookie)),
    dropKratosCookie: lookUps.drop,
    dropSession: lookUps.dropTagged,
    dropIdentity: lookUps.dropTagged,
    dropAll: lookUps.clear,
  };
}
