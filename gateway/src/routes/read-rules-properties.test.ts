import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVERYTHING, read } from "../../test/support/rules-text.ts";

describe("garbage", () => {
  const isWithin = (text: string) => {
    const lines = text.split(/\r\n|\n|\r/).length;
    const { value, findings } = read(text);
    for (const { line, column } of findings) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    expect(value !== null || findings.length > 0).toBe(true);
  };

  it("never throws, and what is found lies within the text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), isWithin), {
      numRuns: 500,
    });
  });

  const words = [
    "version",
    "rules",
    "upstreams",
    "name",
    "path",
    "prefix",
    "require",
    "hosts",
    "roles",
    "fresh",
    "url",
  ];
  const marks = [
    ": ",
    "\n",
    "\n  ",
    "\n  - ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    '"',
    "&a ",
    "*a",
    "|",
    ">",
    "#",
    "? ",
    "!",
    "%",
    "\t",
    "---",
    "~",
    "1",
    "/a",
    "__proto__",
    "\r",
    "\u2028",
    "\0",
  ];
  it("never throws on what looks like YAML", () => {
    const pieces = fc.array(fc.constantFrom(...words, ...marks), { maxLength: 60 }).map((list) => list.join(""));
    fc.assert(fc.property(pieces, isWithin), { numRuns: 1_000 });
  });

  it("never throws on a right file with something of it replaced", () => {
    const changed = fc
      .record({
        at: fc.nat(EVERYTHING.length),
        length: fc.nat(40),
        by: fc.oneof(fc.string(), fc.constantFrom(...marks)),
      })
      .map(({ at, length, by }) => EVERYTHING.slice(0, at) + by + EVERYTHING.slice(at + length));
    fc.assert(fc.property(changed, isWithin), { numRuns: 500 });
  });

  it("never throws on any value in any place", () => {
    const anything = fc.json({ maxDepth: 5 });
    const files = fc
      .tuple(anything, anything, anything)
      .map(
        ([rule, needs, upstreams]) =>
          `{"version": 1, "upstreams": ${upstreams}, "rules": [${rule}, {"name": "a", "path": ${rule}, "require": ${needs}}]}`,
      );
    fc.assert(fc.property(files, isWithin), { numRuns: 500 });
  });
});
