import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODES_IN_SET, newRecoveryCodes, readRecoveryCode, showRecoveryCode } from "./recovery-code.ts";

describe("a set of codes", () => {
  it("has ten different ones, of fifty random bits, none with a look-alike", () => {
    const sets = Array.from({ length: 200 }, newRecoveryCodes);
    for (const codes of sets) {
      expect(new Set(codes).size).toBe(CODES_IN_SET);
      for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
    }
    expect(new Set(sets.flat().flatMap((code) => [...code])).size).toBe(32);
  });

  it("is shown in groups that are read back", () => {
    for (const code of newRecoveryCodes()) {
      expect(showRecoveryCode(code)).toMatch(/^[0-9a-z]{5}-[0-9a-z]{5}$/);
      expect(readRecoveryCode(showRecoveryCode(code))).toBe(code);
    }
  });
});

describe("readRecoveryCode", () => {
  it.each([
    ["k7fm2-9xqpd", "k7fm29xqpd"],
    ["K7FM2 9XQPD", "k7fm29xqpd"],
    ["  k7fm2\u20139xqpd\n", "k7fm29xqpd"],
    ["k7fm2\u00ad9xqpd", "k7fm29xqpd"],
    ["k7fm29xqpd", "k7fm29xqpd"],
    ["ｋ７ｆｍ２-９ｘｑｐｄ", "k7fm29xqpd"],
    ["OoIlL-Uuuuu", "00111vvvvv"],
  ])("reads %j", (typed, code) => {
    expect(readRecoveryCode(typed)).toBe(code);
  });

  it.each(["", "k7fm2-9xqp", "k7fm2-9xqpdd", "k7fm2-9xq!d", "ä7fm2-9xqpd"])("refuses %j", (typed) => {
    expect(readRecoveryCode(typed)).toBeNull();
  });

  it("gives a plain code or nothing for any text, and is stable", () => {
    const pieces = fc.constantFrom("a", "K", "0", "O", "l", "-", " ", "\u2014", "\u0000", "é", "😀", "\ud800");
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces, { maxLength: 20 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(texts, (typed) => {
        const code = readRecoveryCode(typed);
        if (code === null) return;
        expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
        expect(readRecoveryCode(showRecoveryCode(code).toUpperCase())).toBe(code);
      }),
    );
  });
});
