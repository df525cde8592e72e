const OWN_PATHS = /^\/(login|register|verify|recover|error|\.ory)(\/|$)/i;
/** What some parser drops or reads as a slash. */
const TRICKS = /[\\\p{Cc}\p{Zl}\p{Zp}]/u;
/** Two slashes in front, with nothing between them that can be seen: another host. */
const OTHER_HOST = /^\/[\s\p{Cf}]*\//u;
const ORIGIN = "https://passbridge.invalid";

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/**
 * The place to go to after signing in, as far as it is safe: a path of this origin, and not a sign-in page
 * (which would lead back here). The gateway checks it as well.
 * @returns the path with its query and fragment; `otherwise` for anything else.
 */
export function safeReturnTo(value: string | null | undefined, otherwise = "/"): string {
  if (!value?.startsWith("/") || OTHER_HOST.test(value) || TRICKS.test(value)) return otherwise;
  const url = URL.parse(value, ORIGIN);
  const path = url?.origin === ORIGIN ? decoded(url.pathname) : null;
  if (!url || path === null || [OTHER_HOST, TRICKS, OWN_PATHS].some((bad) => bad.test(path))) return otherwise;
  return url.pathname + url.search + url.hash;
}

/** The same, for what Kratos hands back: a full address of this origin, or a path; null for anything else. */
export function returnToOf(address: string | null | undefined): string | null {
  if (!address) return null;
  const own = `${window.location.origin}/`;
  const path = address.startsWith(own) ? address.slice(own.length - 1) : address;
  return safeReturnTo(path, "") || null;
}

/** Adds `return_to` to one of the pages' own addresses, so that it is never lost on the way. */
export function withReturnTo(path: string, returnTo: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  if (returnTo !== "/") query.set("return_to", returnTo);
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
