import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

function toRange(entry: string): Range {
  if (entry.includes("/")) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/** Asked of every request, and mostly of the same few neighbours. */
const KEPT = 1_000;

/** Whether an address is a trusted proxy's. */
export type Trust = (address: string) => boolean;

/**
 * @param trustedProxies addresses or CIDR ranges (TRUSTED_PROXIES); an IPv4 address in IPv6 clothing counts as IPv4.
 */
export function createTrust(trustedProxies: readonly string[]): Trust {
  const ranges = trustedProxies.map(toRange);
  if (ranges.length === 0) return () => false;
  const known = new LRUCache<string, boolean>({ max: KEPT });
  const isIn = (text: string) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return ranges.some((range) => range[0].kind() === address.kind() && address.match([range[0], range[1]]));
  };
  return (text) => {
    const answer = known.get(text) ?? isIn(text);
    known.set(text, answer);
    return answer;
  };
}
