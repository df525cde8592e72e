import { unsign } from "cookie-signature";
import { cookieValues } from "./cookie-values.ts";

const SIGNED_PREFIX = "s:";

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/**
 * The session id of the first cookie whose signature holds, as express-session writes it; null when there is none.
 * @param secrets any of them may have signed.
 */
export function readSessionId(header: string | undefined, name: string, secrets: readonly string[]): string | null {
  for (const value of cookieValues(header, name)) {
    const signed = decode(value);
    if (!signed?.startsWith(SIGNED_PREFIX)) continue;
    for (const secret of secrets) {
      const sessionId = unsign(signed.slice(SIGNED_PREFIX.length), secret);
      if (sessionId) return sessionId;
    }
  }
  return null;
}
