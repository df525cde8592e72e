import { judgedOnce } from "./judged-names.ts";

/** The gateway's own cookies, under http and https names, whatever is added to them later. */
const GATEWAY_COOKIE = /^(__(host|secure)-)?passbridge_/i;

/** Kratos' session and continuity cookies, and its CSRF cookie, whose name ends with a SHA-256 of its address. */
const KRATOS_COOKIE = /^(__(host|secure)-)?(ory_kratos_|csrf_token_[0-9a-f]{64}$)/i;

export function isKratosCookie(name: string): boolean {
  return KRATOS_COOKIE.test(name);
}

/** Whether an upstream may see and set a cookie: any that is neither the gateway's nor Kratos'. */
export const isUpstreamCookie = judgedOnce((name) => !GATEWAY_COOKIE.test(name) && !isKratosCookie(name));

function cookieName(pair: string): string {
  return (pair.split("=", 1)[0] ?? "").trim();
}

/**
 * A Cookie header without the cookies that are not to be kept; the others stay byte for byte.
 * @returns null when nothing is left.
 */
export function filterCookieHeader(header: string, keep: (name: string) => boolean): string | null {
  const pairs = header.split(";");
  const kept = pairs.filter((pair) => keep(cookieName(pair)));
  if (kept.length === pairs.length) return header;
  const rest = kept.join(";").trimStart();
  return rest.trim() === "" ? null : rest;
}

/**
 * The name a Set-Cookie value will come back under. Browsers send a cookie without a name as its bare value, so that
 * `=name=value` comes back as `name=value` (RFC 6265bis, section 5.7): leading equals signs are no name.
 */
export function setCookieName(setCookie: string): string {
  const [pair = ""] = setCookie.split(";", 1);
  return cookieName(pair.replace(/^[\s=]+/, ""));
}
