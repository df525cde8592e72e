import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasRepeatedMember } from "./repeated-members.ts";

describe("a member that is there twice is seen", () => {
  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":{"c":1,"d":[],"c":2}}',
    '[{"a":1},{"b":0,"b":0}]',
    '{"a":1,"\\u0061":2}',
    '{ "a" : "x" , "a" : "y" }',
    '{"":1,"":2}',
    '{"a\\"":1,"a\\"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a":{"a":{}},"a":0}',
    '{"deep":[[[[{"x":1,"y":[{"z":1,"z":2}]}]]]]}',
  ])("%s", (json) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(hasRepeatedMember(json)).toBe(true);
  });
});

describe("nothing else is taken for one", () => {
  test.each([
    "{}",
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":":","b":":","c":"\\":\\""}',
    '{"a":["b","b"],"c":"{\\"a\\":1,\\"a\\":1}"}',
    '{"a\\\\":1,"a":2}',
    "7",
    '"a:a"',
  ])("%s", (json) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(hasRepeatedMember(json)).toBe(false);
  });

  test("in whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        expect(hasRepeatedMember(JSON.stringify(value, null, indent))).toBe(false);
      }),
    );
  });
});

test("a second member of any name is seen, wherever it stands", () => {
  const members = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(
      members,
      fc.nat(),
      fc.array(fc.constantFrom("list", "member"), { maxLength: 8 }),
      (value, pick, nest) => {
        const names = Object.keys(value);
        const name = JSON.stringify(names[pick % names.length]);
        const twice = `${JSON.stringify(value).slice(0, -1)},${name}:0}`;
        const json = nest.reduce((inner, how) => (how === "list" ? `[0,${inner}]` : `{"x":${inner}}`), twice);
        expect(JSON.parse(json)).toBeDefined();
        expect(hasRepeatedMember(json)).toBe(true);
      },
    ),
  );
});

test("any text is answered, and none takes longer than its length", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\a1 '), maxLength: 300 }), (text) => {
      expect(hasRepeatedMember(text)).toBeTypeOf("boolean");
    }),
  );
  for (const text of ["[".repeat(65_536), '\\"'.repeat(32_768), '"'.repeat(65_535), '{"a":'.repeat(13_107)])
    expect(hasRepeatedMember(text)).toBe(false);
});
