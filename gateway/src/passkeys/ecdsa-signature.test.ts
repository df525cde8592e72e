import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKey } from "../../test/support/authenticator-keys.ts";
import { isEcdsaDer } from "./ecdsa-signature.ts";

const hex = (text: string) => Buffer.from(text, "hex");

test("every signature of P-256 is one", () => {
  const key = createKey("es256");
  for (let count = 0; count < 300; count += 1) expect(isEcdsaDer(key.sign(randomBytes(20)))).toBe(true);
});

describe("these are none", () => {
  test.each([
    ["nothing", ""],
    ["a byte more", "300602010102010100"],
    ["a byte less", "3006020101020"],
    ["another outer length", "3007020101020101"],
    ["a set", "3106020101020101"],
    ["one number", "3003020101"],
    ["three numbers", "3009020101020101020101"],
    ["a negative number", "3006020181020101"],
    ["a number with a needless zero", "300702020001020101"],
    ["an empty number", "30050200020101"],
    ["a number that leaves it", "3006020101020901"],
  ])("%s", (_what, text) => {
    expect(isEcdsaDer(hex(text))).toBe(false);
  });
});

test("any bytes are answered, and those around a genuine one are none", () => {
  const genuine = createKey("es256").sign(randomBytes(20));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 1, maxLength: 9 }), (bytes, more) => {
      expect(isEcdsaDer(bytes)).toBeTypeOf("boolean");
      expect(isEcdsaDer(Buffer.concat([genuine, more]))).toBe(false);
      expect(isEcdsaDer(Buffer.concat([more, genuine]))).toBe(false);
    }),
  );
});
