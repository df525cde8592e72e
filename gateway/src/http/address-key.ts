import { isIPv4, isIPv6 } from "node:net";

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The first four groups of an IPv6 address, without leading zeros. */
function network(address: string): string {
  const [head = "", tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const last = tail ? tail.split(":") : [];
  // An IPv4 address at the end stands for two groups.
  const written = groups.length + last.length + (address.includes(".") ? 1 : 0);
  const all = tail === undefined ? groups : [...groups, ...Array<string>(8 - written).fill("0"), ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/**
 * The key an address' attempts are counted under: IPv4 as it is, IPv6 by its first 64 bits, of which whoever has one
 * address has all (RFC 4291, section 2.5.4; RFC 6177).
 */
export function addressKey(ip: string | undefined): string {
  const [address = ""] = (ip ?? "").split("%", 1);
  const plain = MAPPED.exec(address)?.[1] ?? address;
  if (isIPv4(plain)) return plain;
  return isIPv6(plain) ? `${network(plain)}::/64` : "unknown";
}
