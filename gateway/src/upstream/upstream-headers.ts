import type { ServerResponse } from "node:http";
import { type RawHeaders, withoutHopByHop } from "./client-headers.ts";
import { setCookieName } from "./session-cookies.ts";

/** Clear-Site-Data without the types that would take the session cookies along (W3C Clear Site Data, section 3.1). */
function withoutCookieClearing(value: string): string {
  const types = value.split(",").map((type) => type.trim());
  return types.filter((type) => !/^"?(cookies|\*)"?$/i.test(type)).join(", ");
}

/**
 * An upstream's response headers as the client may see them: without hop-by-hop headers, and without anything that
 * sets or clears a cookie that is not the upstream's.
 * @param keepCookie told the name of each cookie that is set.
 */
export function stripUpstreamHeaders(
  headers: RawHeaders,
  keepCookie: (name: string) => boolean,
): [name: string, value: string][] {
  const kept: [string, string][] = [];
  for (const [name, value] of withoutHopByHop(headers)) {
    const key = name.toLowerCase();
    if (key === "set-cookie" && !keepCookie(setCookieName(value))) continue;
    const passed = key === "clear-site-data" ? withoutCookieClearing(value) : value;
    if (passed !== "" || value === "") kept.push([name, passed]);
  }
  return kept;
}

/** What says who may keep an answer, or that it depends on the cookies (RFC 9111, sections 4.1 and 5.2.2). */
const SAYS_WHO_MAY_KEEP = /(^|[\s,])(public|private|no-store|s-maxage|cookie|\*)($|[\s,=])/i;

/**
 * An answer that says nothing about who may keep it depends on who asked: a shared cache in front of the gateway must
 * not give it to anybody else. One that says `public` is the upstream's own decision.
 */
export function keptByNobodyElse(headers: readonly [name: string, value: string][]): [string, string][] {
  const isSaid = headers.some(([name, value]) => /^(cache-control|vary)$/i.test(name) && SAYS_WHO_MAY_KEEP.test(value));
  return isSaid ? [...headers] : [...headers, ["Vary", "Cookie"]];
}

/**
 * Puts an upstream's headers on a response. Cookies the gateway set before stay beside the upstream's; the gateway's
 * request id stays the one that counts; any other header of the same name is replaced.
 */
export function copyHeaders(
  headers: readonly (readonly [name: string, value: string])[],
  response: ServerResponse,
): void {
  const replaced = new Set(["set-cookie"]);
  const requestId = response.getHeader("x-request-id");
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (!replaced.has(key)) response.removeHeader(name);
    replaced.add(key);
    response.appendHeader(name, value);
  }
  if (requestId !== undefined) response.setHeader("x-request-id", requestId);
}
