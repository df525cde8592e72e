import { isIP } from "node:net";
import type { Request } from "express";
import ipaddr from "ipaddr.js";

const MAX_USER_AGENT = 512;

/** Where a request came from, as far as the client and the proxies in front say. */
export type RequestPlace = { readonly userAgent: string | null; readonly ip: string | null };

function readUserAgent(header: string | undefined): string | null {
  const text = header?.replace(/\p{Cc}/gu, "").trim();
  return text ? text.slice(0, MAX_USER_AGENT) : null;
}

/** A proxy may hand on `unknown` or a name (RFC 7239, 6); an IPv4 address inside an IPv6 one is shown as itself. */
function readAddress(ip: string | undefined): string | null {
  if (!ip || isIP(ip) === 0) return null;
  return ipaddr.process(ip.split("%", 1)[0] ?? ip).toString();
}

/** The request's place, fit to be stored and shown: no control character, at most 512 characters of browser, a real address. */
export function placeOf(request: Pick<Request, "get" | "ip">): RequestPlace {
  return { userAgent: readUserAgent(request.get("user-agent")), ip: readAddress(request.ip) };
}
