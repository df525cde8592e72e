import { settings } from "../settings.ts";

const OWN_PATHS = /^\/(login|register|verify|recover|error|\.ory)(\/|$)/i;
/** What some parser drops or reads as a slash. */
const TRICKS = /[\\\p{Cc}\p{Zl}\p{Zp}]/u;
/** Two slashes in front, with nothing between them that can be seen: another host. */
const OTHER_HOST = /^\/[\s\p{Cf}]*\//u;
const ORIGIN = "https://passbridge.invalid";

/** Names and ports as browsers write them: no user, no other script's letters, no number in an odd notation. */
const PLAIN_ADDRESS = /^https?:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?(?:[/?#]|$)/;

const MAX_LENGTH = 2048;
/** What a proxy, a framework and a browser may decode between them. */
const MAX_DECODINGS = 4;

/** The path decoded until nothing changes; null when it is malformed or encoded too often. */
function decoded(path: string): string | null {
  let last = path;
  for (let round = 0; round < MAX_DECODINGS; round += 1) {
    try {
      const next = decodeURIComponent(last);
      if (next === last) return last;
      last = next;
    } catch {
      return round === 0 ? null : last;
    }
  }
  return null;
}

/** Where the pages are, and the other hosts that may be returned to. */
export type ReturnPlaces = { readonly here: string; readonly hosts: readonly string[] };

const placesNow = (): ReturnPlaces => ({ here: window.location.origin, hosts: settings().returnHosts });

function isAllowedHost(hosts: readonly string[], name: string): boolean {
  return hosts.some((host) => {
    if (!host.startsWith("*.")) return host === name;
    return name.endsWith(host.slice(1)) && /^[^.]+$/.test(name.slice(0, -(host.length - 1)));
  });
}

/** An address of another host that the gateway's rules name: by the same scheme, at the same port. */
function otherAddress(value: string, { here, hosts }: ReturnPlaces): string | null {
  const url = URL.parse(value);
  const own = new URL(here);
  const name = PLAIN_ADDRESS.exec(value)?.[1];
  if (!url || TRICKS.test(value) || url.hostname !== name) return null;
  if (url.protocol !== own.protocol || url.port !== own.port) return null;
  const path = safePath(url.pathname + url.search + url.hash);
  if (path === null || url.host === own.host) return path;
  return isAllowedHost(hosts, name) ? url.href : null;
}

function safePath(value: string): string | null {
  if (!value.startsWith("/") || OTHER_HOST.test(value) || TRICKS.test(value)) return null;
  const url = URL.parse(value, ORIGIN);
  const path = url?.origin === ORIGIN ? decoded(url.pathname) : null;
  if (!url || path === null || [OTHER_HOST, TRICKS, OWN_PATHS].some((bad) => bad.test(path))) return null;
  return url.pathname + url.search + url.hash;
}

/**
 * The place to go to after signing in, as far as it is safe: a path of this origin or an address of another host that
 * the gateway's rules name, and not a sign-in page (which would lead back here). The gateway checks it as well.
 * @returns the path, or the address, with its query and fragment; `otherwise` for anything else.
 */
export function safeReturnTo(value: string | null | undefined, otherwise = "/", places = placesNow): string {
  if (!value || value.length > MAX_LENGTH) return otherwise;
  return (/^https?:/.test(value) ? otherAddress(value, places()) : safePath(value)) ?? otherwise;
}

/** The same, for what Kratos hands back: a full address of this origin, or a path; null for anything else. */
export function returnToOf(address: string | null | undefined): string | null {
  return safeReturnTo(address, "") || null;
}
/** Adds `return_to` to one of the pages' own addresses, so that it is never lost on the way. */
export function withReturnTo(path: string, returnTo: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  if (returnTo !== "/") query.set("return_to", returnTo);
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
