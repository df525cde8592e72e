import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { createTrust, type Trust } from "../http/trusted-proxies.ts";

/** The addresses a request came through, the client first, as far back as trusted proxies vouch for them. */
function addressChain(request: IncomingMessage, trusted: Trust): string[] {
  const chain = [request.socket.remoteAddress ?? "unknown"];
  const claimed = [request.headers["x-forwarded-for"] ?? []].flat().join(",");
  const hops = claimed === "" ? [] : claimed.split(",").map((hop) => hop.trim());
  while (trusted(chain[0] ?? "")) {
    const hop = hops.pop();
    if (hop === undefined || !ipaddr.isValid(hop)) break;
    chain.unshift(hop);
  }
  return chain;
}

/** A request's client: the farthest address that trusted proxies vouch for. */
export type ClientAddress = (request: IncomingMessage) => string;

export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = createTrust(trustedProxies);
  return (request) => {
    const neighbour = request.socket.remoteAddress ?? "unknown";
    return trusted(neighbour) ? (addressChain(request, trusted)[0] ?? "unknown") : neighbour;
  };
}

/**
 * The X-Forwarded-* headers for the next hop. Scheme and host come from configuration, never from the client alone;
 * of X-Forwarded-For only what trusted proxies wrote is passed on, then the neighbour's own address.
 */
export function createForwardedHeaders(
  publicUrl: URL,
  trustedProxies: readonly string[],
): (request: IncomingMessage, host?: string) => string[] {
  const trusted = createTrust(trustedProxies);
  const proto = publicUrl.protocol.slice(0, -1);
  const ownPort = proto === "https" ? "443" : "80";
  return (request, host = publicUrl.host) => [
    "X-Forwarded-For",
    addressChain(request, trusted).join(", "),
    "X-Forwarded-Proto",
    proto,
    "X-Forwarded-Host",
    host,
    "X-Forwarded-Port",
    /:(\d+)$/.exec(host)?.[1] ?? ownPort,
  ];
}
