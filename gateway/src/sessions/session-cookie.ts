import { unsign } from "cookie-signature";
import { LRUCache } from "lru-cache";
import { cookieValues } from "./cookie-values.ts";

const SIGNED_PREFIX = "s:";

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

function verify(value: string, secrets: readonly string[]): string | null {
  const signed = decode(value);
  if (!signed?.startsWith(SIGNED_PREFIX)) return null;
  for (const secret of secrets) {
    const sessionId = unsign(signed.slice(SIGNED_PREFIX.length), secret);
    if (sessionId) return sessionId;
  }
  return null;
}

/**
 * The session id of the first cookie whose signature holds, as express-session writes it; null when there is none.
 * @param secrets any of them may have signed.
 * @param idOf the id that one of the secrets signed in a value; null: none did.
 */
export function readSessionId(
  header: string | undefined,
  name: string,
  secrets: readonly string[],
  idOf: typeof verify = verify,
): string | null {
  for (const value of cookieValues(header, name)) {
    const sessionId = idOf(value, secrets);
    if (sessionId) return sessionId;
  }
  return null;
}

/** Longer values are none of ours, and are not kept. */
const VALUE_LENGTH = 256;
const VERIFIED = 10_000;

/** The same for every request: a signature that held once holds for as long as the process has its secrets. */
export function createSessionIdReader(name: string, secrets: readonly string[]): (header?: string) => string | null {
  const verified = new LRUCache<string, string>({ max: VERIFIED });
  const idOf = (value: string) => {
    const known = verified.get(value);
    if (known) return known;
    const sessionId = verify(value, secrets);
    if (sessionId && value.length <= VALUE_LENGTH) verified.set(value, sessionId);
    return sessionId;
  };
  return (header) => readSessionId(header, name, secrets, idOf);
}
