import fc from "fast-check";
import { expect, it } from "vitest";
import { addressKey } from "./address-key.ts";

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3:4:192.0.2.7", "2001:db8:1:2::/64"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
  ["", "unknown"],
  [undefined, "unknown"],
  ["example.com", "unknown"],
])("%s is counted as %s", (ip, key) => {
  expect(addressKey(ip)).toBe(key);
});

it("counts all spellings of all addresses of a network as one, and no other with them", () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.ipV6(), fc.ipV6()).map((pair) => pair.map((ip) => new URL(`http://[${ip}]`).hostname.slice(1, -1))),
      ([one = "", other = ""]) => {
        const bits = (ip: string) => addressKey(ip);
        expect(bits(one.toUpperCase())).toBe(bits(one));
        const sameNetwork = `${bits(one).replace("::/64", "")}:${bits(other).replace("::/64", "")}`;
        if (!bits(one).includes(".") && !bits(other).includes(".")) expect(bits(sameNetwork)).toBe(bits(one));
      },
    ),
  );
});
