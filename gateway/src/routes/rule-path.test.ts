import { describe, expect, it } from "vitest";
import { SESSION, told, withRule } from "../../test/support/rules-text.ts";

describe("faults of a path", () => {
  it.each([
    ["{ }", 'f:4:5: rule "one": path: needs one of prefix, exact and regex'],
    ["{ prefix: /a, exact: /b }", 'f:4:5: rule "one": path: needs one of prefix, exact and regex'],
    ["/a", 'f:4:5: rule "one": path: needs members, such as name: value'],
    ["{ prefx: /a }", /path: prefx is not known \(did you mean prefix\?\)/],
    ["{ prefix: a }", 'f:4:13: rule "one": path.prefix: a: needs a leading slash'],
    ["{ prefix: /a/../b }", /could never match, since requests for it are refused/],
    ["{ exact: /a%2fb }", /could never match, since requests for it are refused/],
    ["{ exact: /a%2Gb }", /could never match, since requests for it are refused/],
    ["{ exact: //a }", /could never match, since requests for it are refused/],
    ["{ exact: '/a?b=c' }", /rules do not look at queries/],
    ["{ exact: '/a#b' }", /rules do not look at queries/],
    ["{ exact: '/a;v=1' }", /parameters/],
    ["{ exact: /%61 }", /normalised first: write \/a$/],
    ["{ exact: /a//b }", /normalised first: write \/a\/b$/],
    ["{ exact: /%c3%a9 }", /normalised first: write \/%C3%A9$/],
    ["{ exact: /é }", /as it is sent: \/%C3%A9$/],
    ["{ prefix: /a/ }", /write \/a, which is for \/a as well/],
    ["{ regex: 'admin' }", /every path begins with a slash/],
    ["{ regex: '/(a' }", /^f:4:13: rule "one": path.regex: is no regular expression of RE2: missing closing \)/],
    ["{ regex: '/(?=a)b' }", /RE2 has no look-arounds and back-references/],
    ["{ regex: '/(?<!a)b' }", /RE2 has no look-arounds and back-references/],
    ["{ regex: '/(a)\\1' }", /RE2 has no look-arounds and back-references/],
    ["{ regex: '/a{1001}' }", /invalid repeat count/],
    [`{ regex: '/${"a".repeat(1_000)}' }`, /longer than 1000 characters/],
  ])("%s", (path, expected) => {
    expect(told(withRule(`path: ${path}`, SESSION))).toEqual([
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    ]);
  });
});
