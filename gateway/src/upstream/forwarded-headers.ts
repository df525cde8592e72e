import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

function toRange(entry: string): Range {
  if (entry.includes("/")) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/** Whether an address lies in one of the given ranges; an IPv4 address in IPv6 clothing counts as IPv4. */
function createTrust(trustedProxies: readonly string[]): (address: string) => boolean {
  const ranges = trustedProxies.map(toRange);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.some((range) => range[0].kind() === address.kind() && address.match([range[0], range[1]]));
  };
}

/** The addresses a request came through, the client first, as far back as trusted proxies vouch for them. */
function addressChain(request: IncomingMessage, trusted: (address: string) => boolean): string[] {
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

/**
 * The X-Forwarded-* headers for the next hop. Host, scheme and port come from configuration, never from the client;
 * of X-Forwarded-For only what trusted proxies wrote is passed on, then the neighbour's own address.
 */
export function createForwardedHeaders(
  publicUrl: URL,
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string[] {
  const trusted = createTrust(trustedProxies);
  const proto = publicUrl.protocol.slice(0, -1);
  const port = publicUrl.port || (proto === "https" ? "443" : "80");
  return (request) => [
    "X-Forwarded-For",
    addressChain(request, trusted).join(", "),
    "X-Forwarded-Proto",
    proto,
    "X-Forwarded-Host",
    publicUrl.host,
    "X-Forwarded-Port",
    port,
  ];
}
