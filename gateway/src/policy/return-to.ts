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

/** Names and ports as browsers write them: no user, no other script's letters, no number in an odd notation. */
const PLAIN_ADDRESS = /^https?:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?(?:[/?#]|$)/;

/** Whether the rules send people to a host, by its name. */
export type IsAllowedHost = (name: string) => boolean;

/** An address of another host the rules name: by PUBLIC_URL's scheme, at its port. */
function otherAddress(value: string, publicUrl: URL, isAllowedHost: IsAllowedHost): string | null {
  const url = URL.parse(value);
  const name = PLAIN_ADDRESS.exec(value)?.[1];
  if (!url || url.hostname !== name || url.protocol !== publicUrl.protocol || url.port !== publicUrl.port) return null;
  if (url.host === publicUrl.host) return safeReturnTo(`${url.pathname}${url.search}${url.hash}`, publicUrl);
  return isAllowedHost(name) && isLocalPath(url.pathname) ? url.href : null;
}

/**
 * Where to send people after signing in: a path of this origin, an address of a host that may be named, or
 * nothing.
 * Refused are other origins and schemes, `//host` and `/\host` in any encoding, control characters, over 2048
 * characters, and the sign-in pages themselves (OWASP, Unvalidated Redirects and Forwards).
 * @param value as it came from the query or a form, of any type.
 * @param publicUrl the gateway's own address.
 * @param isAllowedHost without it no other host is.
 * @returns path, query and fragment, and the whole address of another host, as URL parsers write them, fit for a
 *   Location header; null when refused.
 */
export function safeReturnTo(value: unknown, publicUrl: URL, isAllowedHost?: IsAllowedHost): string | null {
  if (typeof value !== "string" || value.length > MAX_LENGTH || /[\\\p{Cc}]/u.test(value)) return null;
  if (isAllowedHost && /^https?:/.test(value)) return otherAddress(value, publicUrl, isAllowedHost);
  if (!value.startsWith("/") || value.startsWith("//")) return null;
  const url = URL.parse(value, publicUrl.href);
  if (url?.origin !== publicUrl.origin || url.username || url.password) return null;
  return isLocalPath(url.pathname) ? `${url.pathname}${url.search}${url.hash}` : null;
}
