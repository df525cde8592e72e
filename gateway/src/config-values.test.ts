import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";
import { cidrList, duration, list, originList, serviceUrl } from "./config-values.ts";

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Text that comes near to what settings look like, and text that does not. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(..."0123456789msh d.,/:-[]@httpsf"), maxLength: 60 }),
);

describe("duration", () => {
  test("is its number times its unit", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom("ms", "s", "m", "h", "d", ""), (number, unit) => {
        const factor = unit === "" ? 1_000 : UNITS[unit as keyof typeof UNITS];
        expect(duration().parse(`${number}${unit}`)).toBe(number * factor);
      }),
    );
  });

  test("of any text is a whole number of milliseconds, or refused", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = duration().safeParse(text);
        if (read.success) expect(Number.isSafeInteger(read.data) && read.data >= 0).toBe(true);
      }),
    );
    for (const text of ["9".repeat(400), "99999999999999d", "-1s", "1.5h", "1e3", "١s", "0x10", ""])
      expect(duration().safeParse(text).success).toBe(false);
  });
});

test("a list is what stands between commas, without the empty ones", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 })), (entries) => {
      const read = list().parse(entries.join(","));
      expect(read.every((entry) => entry !== "" && entry === entry.trim() && !entry.includes(","))).toBe(true);
      expect(list().parse(read.join(","))).toEqual(read);
    }),
  );
});

test("a service's URL has one of the protocols asked for", () => {
  const urls = fc.oneof(anyText, fc.webUrl(), fc.constantFrom("javascript:alert(1)", "file:///etc/passwd", "http:"));
  fc.assert(
    fc.property(urls, (text) => {
      const read = serviceUrl(["http:", "https:"]).safeParse(text);
      if (read.success) expect(read.data.protocol).toMatch(/^https?:$/);
    }),
  );
});

test("origins are kept as browsers write them, or refused", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.webUrl({ withFragments: true })), (text) => {
      const read = originList().safeParse(text);
      if (read.success) for (const origin of read.data) expect(new URL(origin).origin).toBe(origin);
    }),
  );
  for (const text of ["https://a.example/", "https://a.example:443", "HTTPS://a.example", "null", "a.example"])
    expect(originList().safeParse(text).success).toBe(false);
});

test("addresses and ranges can be matched, or are refused", () => {
  const texts = fc.oneof(
    anyText,
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV4(), fc.nat(40)).map((range) => range.join("/")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const read = cidrList().safeParse(text);
      if (!read.success) return;
      for (const entry of read.data) expect(ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry)).toBe(true);
    }),
  );
});

test("whatever the settings hold, they are read or every fault is named", () => {
  const required = {
    DATABASE_URL: "postgres://127.0.0.1/gateway",
    REDIS_URL: "redis://127.0.0.1",
    SESSION_SECRETS: "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1",
    KRATOS_HOOK_SECRET: "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1",
  };
  const names = [
    ...Object.keys(required),
    ...["PUBLIC_URL", "PORT", "SESSION_IDLE_TIMEOUT", "PASSKEY_RP_ID", "PASSKEY_RELATED_ORIGINS", "TRUSTED_PROXIES"],
    ...[
      "MAX_PASSKEYS_PER_USER",
      "CODE_SIGN_IN",
      "COOKIE_DOMAIN",
      "RATE_LIMIT_FACTOR",
      "LOG_LEVEL",
      "FIDO_METADATA_URL",
      "NODE_ENV",
      "WORKERS",
    ],
  ];
  const changes = fc.dictionary(fc.constantFrom(...names), anyText, { maxKeys: 4 });
  fc.assert(
    fc.property(changes, (settings) => {
      try {
        expect(Object.isFrozen(loadConfig({ ...required, ...settings }))).toBe(true);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.faults.length).toBeGreaterThan(0);
      }
    }),
  );
});
