import { isIP } from "node:net";
import type { Request } from "express";
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeOf } from "./request-place.ts";

const place = (userAgent: string | undefined, ip: string | undefined) =>
  placeOf({ get: (() => userAgent) as Request["get"], ip });

test.each([
  ["Mozilla/5.0", "Mozilla/5.0"],
  ["a\r\nBcc: b\u0085\tc", "aBcc: bc"],
  [" \t ", null],
  [undefined, null],
  ["x".repeat(600), "x".repeat(512)],
])("the user agent %j becomes %j", (given, kept) => {
  expect(place(given, undefined).userAgent).toBe(kept);
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["unknown", null],
  ["1", null],
  ["203.0.113.7:4711", null],
  ["", null],
  [undefined, null],
])("the address %j becomes %j", (given, kept) => {
  expect(place(undefined, given).ip).toBe(kept);
});

test("whatever a request says, what is kept can be stored and shown", () => {
  const addresses = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV6().map((ip) => `${ip}%eth0`),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), addresses, (agent, address) => {
      const { userAgent, ip } = place(agent, address);
      if (userAgent !== null) {
        expect(userAgent.length).toBeLessThanOrEqual(512);
        expect(userAgent).not.toMatch(/\p{Cc}/u);
      }
      if (ip !== null) expect(isIP(ip)).not.toBe(0);
    }),
  );
});
