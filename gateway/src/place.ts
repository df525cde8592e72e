import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

const MAX_USER_AGENT = 512;

/** Where somebody was, as far as the client and the proxies in front say. */
export type Place = { readonly userAgent: string | null; readonly ip: string | null };

type Claims = { readonly userAgent?: string | null | undefined; readonly ip?: string | null | undefined };

function readUserAgent(header: string | null | undefined): string | null {
  const text = header?.replace(/\p{Cc}/gu, "").trim();
  return text ? text.slice(0, MAX_USER_AGENT) : null;
}

/** A proxy may hand on `unknown` or a name (RFC 7239, 6); an IPv4 address inside an IPv6 one is shown as itself. */
function readAddress(ip: string | null | undefined): string | null {
  if (!ip || isIP(ip) === 0) return null;
  return ipaddr.process(ip.split("%", 1)[0] ?? ip).toString();
}

/** A place fit to be stored and shown: no control character, at most 512 characters of browser, a real address. */
export function toPlace({ userAgent, ip }: Claims): Place {
  return { userAgent: readUserAgent(userAgent), ip: readAddress(ip) };
}
