import { describe, expect, it } from "vitest";
import { PATH, told, withRule } from "../../test/support/rules-text.ts";

describe("faults of who may pass", () => {
  it.each([
    ["aal3", 'f:5:5: rule "one": require: aal3 is not known (did you mean aal2?)'],
    ["[session, verifed]", /^f:5:24: rule "one": require\[2\]: verifed is not known \(did you mean verified\?\)/],
    ["[]", /says nobody and nothing/],
    ["", /require: needs a word such as aal2/],
    ["[public, aal2]", /public stands alone/],
    ["[{ roles: [a] }, deny]", /deny stands alone/],
    ["[aal2, aal2]", /names aal2 twice/],
    ["[{ fresh: 1m }, { fresh: 2m }]", /names fresh twice/],
    ["[{ aal2: true }]", /is a word of its own: write aal2/],
    ["fresh", /require: needs a duration/],
    ["{ fresh: soon }", /require.fresh: needs a duration/],
    ["{ fresh: 0 }", /needs 1s at least/],
    ["{ roles: [] }", /names no role/],
    ["{ roles: admin }", /roles: needs a list/],
    ["{ roles: ['a,b'] }", /without spaces and commas/],
    ["7", /needs a word such as aal2/],
  ])("%s", (needs, expected) => {
    expect(told(withRule(PATH, `require: ${needs}`))).toEqual([
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    ]);
  });
});
