const MAX_LENGTH = 2048;

/** What a proxy, a framework and a browser may decode between them; a path still encoded after that is no honest one. */
const MAX_DECODINGS = 3;

/** Pages and calls that only send people on: returning to one of them would go round in circles. */
const LOOPS = /^\/(login|register|\.ory\/kratos)(\/|$)/i;

/** What some parser drops or reads as a slash: backslashes, control characters, line ends. */
const TRICKS = /[\\\p{Cc}\p{Zl}\p{Zp}]/u;

/** Two slashes in front, with nothing between them that can be seen: another host. */
const OTHER_HOST = /^\/[\s\p{Cf}]*\//u;

function decodedOnce(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** A path decoded until nothing changes; null when it is malformed or encoded too often. */
function fullyDecoded(path: string): string | null {
  let decoded = decodedOnce(path);
  for (let round = 0; decoded !== null && round < MAX_DECODINGS; round += 1) {
    const next = decodedOnce(decoded);
    if (next === null || next === decoded) return decoded;
    decoded = next;
  }
  return null;
}

function isLocalPath(path: string): boolean {
  const decoded = fullyDecoded(path);
  if (decoded === null || TRICKS.test(decoded)) return false;
  return !OTHER_HOST.test(decoded) && !LOOPS.test(decoded);
}

/**
 * Where to send people after signing in: a path of this origin, or nothing.
 * Refused are other origins and schemes, `//host` and `/\host` in any encoding, control characters, over 2048
 * characters, and the sign-in pages themselves (OWASP, Unvalidated Redirects and Forwards).
 * @param value as it came from the query or a form, of any type.
 * @param publicUrl the gateway's own address.
 * @returns path, query and fragment as URL parsers write them, fit for a Location header; null when refused.
 */
export function safeReturnTo(value: unknown, publicUrl: URL): string | null {
  if (typeof value !== "string" || value.length > MAX_LENGTH) return null;
  if (!value.startsWith("/") || value.startsWith("//") || /[\\\p{Cc}]/u.test(value)) return null;
  const url = URL.parse(value, publicUrl.href);
  if (url?.origin !== publicUrl.origin || url.username || url.password) return null;
  return isLocalPath(url.pathname) ? `${url.pathname}${url.search}${url.hash}` : null;
}
