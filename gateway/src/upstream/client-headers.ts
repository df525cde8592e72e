import { judgedOnce } from "./judged-names.ts";
import { filterCookieHeader } from "./session-cookies.ts";

/** Header names and values in turn, as node:http reads and takes them: order, case and repetition are kept. */
export type RawHeaders = readonly string[];

/** Between two neighbours only (RFC 9110, section 7.6.1), or set anew for the next one. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** Set by the gateway for every request it sends on; Expect is answered by the gateway's own server. */
const SET_ANEW = new Set(["host", "content-length", "expect", "x-request-id"]);

/** What the gateway vouches for, and what would let a client pretend to be a proxy before it. */
const VOUCHED = new Set([
  "remote-user",
  "remote-email",
  "remote-name",
  "remote-groups",
  "x-auth-method",
  "x-auth-aal",
  "x-identity-token",
  "forwarded",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "x-rewrite-url",
]);

const VOUCHED_PREFIX = /^x-(auth-request|forwarded|original)(-|$)/;

/** CGI, WSGI and their like read `Remote_User`, `Remote.User` and `Remote-User` as one variable. */
function canonicalName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** What else proxies tell upstreams of a person by. */
const IDENTITY = /^(remote-(user|email|name|groups)|x-auth-(method|aal)|x-identity-token|x-auth-request(-.*)?)$/;
const FORWARDED_IDENTITY = /^x-forwarded-(user|email|groups|preferred-username|access-token)$/;

/** Whether a header, in any spelling, would tell an upstream who somebody is. */
export function isIdentityHeader(name: string): boolean {
  const canonical = canonicalName(name);
  return IDENTITY.test(canonical) || FORWARDED_IDENTITY.test(canonical);
}

/** The names a Connection header lists, in lower case; null where they say nothing of other headers. */
export function namedByConnection(headers: RawHeaders): ReadonlySet<string> | null {
  const named = new Set<string>();
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    for (const option of (headers[i + 1] ?? "").split(",")) named.add(option.trim().toLowerCase());
  }
  named.delete("keep-alive");
  named.delete("close");
  return named.size === 0 ? null : named;
}

function isVouched(name: string): boolean {
  const canonical = canonicalName(name);
  return VOUCHED.has(canonical) || VOUCHED_PREFIX.test(canonical);
}

/** Whether a header, by its name in lower case, ends at this hop whatever Connection says. */
export const isHopByHop = (key: string): boolean => HOP_BY_HOP.has(key);

const judge = judgedOnce((name) => {
  const key = name.toLowerCase();
  if (isHopByHop(key) || SET_ANEW.has(key) || isVouched(name)) return "drop";
  return key === "cookie" ? "cookie" : "pass";
});

/**
 * A client's headers as the upstream may see them: without hop-by-hop headers, without its own copies of what the
 * gateway vouches for in any case or spelling (`remote_user`), and with the cookies that may pass only.
 * @param keepCookie told each cookie's name; what stays of a Cookie header stays byte for byte.
 * @returns the rest in its order; the caller adds Host, framing, and what the gateway vouches for.
 */
export function stripClientHeaders(headers: RawHeaders, keepCookie: (name: string) => boolean): string[] {
  const named = namedByConnection(headers);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const value = headers[i + 1] ?? "";
    const judgement = judge(name);
    if (judgement === "drop" || named?.has(name.toLowerCase())) continue;
    const passed = judgement === "cookie" ? filterCookieHeader(value, keepCookie) : value;
    if (passed !== null) kept.push(name, passed);
  }
  return kept;
}
