import type { ServerResponse } from "node:http";
import { isHopByHop, namedByConnection, type RawHeaders } from "./client-headers.ts";
import { judgedOnce } from "./judged-names.ts";
import { setCookieName } from "./session-cookies.ts";

/** Every value of a header. @param name in lower case. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name);
}

/** Clear-Site-Data without the types that would take the session cookies along (W3C Clear Site Data, section 3.1). */
function withoutCookieClearing(value: string): string {
  const types = value.split(",").map((type) => type.trim());
  return types.filter((type) => !/^"?(cookies|\*)"?$/i.test(type)).join(", ");
}

const judge = judgedOnce((name) => {
  const key = name.toLowerCase();
  if (isHopByHop(key)) return "drop";
  return key === "set-cookie" || key === "clear-site-data" ? key : "pass";
});

/**
 * An upstream's response headers as the client may see them: without hop-by-hop headers, and without anything that
 * sets or clears a cookie that is not the upstream's.
 * @param keepCookie told the name of each cookie that is set.
 */
export function stripUpstreamHeaders(
  headers: RawHeaders,
  keepCookie: (name: string) => boolean,
): [name: string, value: string][] {
  const named = namedByConnection(headers);
  const kept: [string, string][] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const value = headers[i + 1] ?? "";
    const judgement = judge(name);
    if (judgement === "drop" || named?.has(name.toLowerCase())) continue;
    if (judgement === "set-cookie" && !keepCookie(setCookieName(value))) continue;
    const passed = judgement === "clear-site-data" ? withoutCookieClearing(value) : value;
    if (passed !== "" || value === "") kept.push([name, passed]);
  }
  return kept;
}

/** What says who may keep an answer, or that it depends on the cookies (RFC 9111, sections 4.1 and 5.2.2). */
const SAYS_WHO_MAY_KEEP = /(^|[\s,])(public|private|no-store|s-maxage|cookie|\*)($|[\s,=])/i;

const maySay = judgedOnce((name) => /^(cache-control|vary)$/i.test(name));

/**
 * An answer that says nothing about who may keep it depends on who asked: a shared cache in front of the gateway must
 * not give it to anybody else. One that says `public` is the upstream's own decision.
 */
export function keptByNobodyElse(headers: readonly [name: string, value: string][]): [string, string][] {
  const isSaid = headers.some(([name, value]) => maySay(name) && SAYS_WHO_MAY_KEEP.test(value));
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
    if (key === "x-request-id" && requestId !== undefined) response.setHeader(key, requestId);
    else if (replaced.has(key)) response.appendHeader(name, value);
    else response.setHeader(name, value);
    replaced.add(key);
  }
}
