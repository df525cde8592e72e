import fc from "fast-check";
import { expect, it, test } from "vitest";
import { emailAddress } from "./email-address.ts";

test.each([
  ["upper case", "Ann@EXAMPLE.com"],
  ["outer spaces", "  ann@example.com\u00a0"],
])("%s makes no other address", (_what, spelling) => {
  expect(emailAddress.parse(spelling)).toBe("ann@example.com");
});

test("a decomposed letter is the composed one", () => {
  expect(emailAddress.parse("Re\u0301NE\u0301@example.com")).toBe("r\u00e9n\u00e9@example.com");
});

test.each([
  "",
  "   ",
  "ann",
  "@example.com",
  "ann@",
  "ann@example.com\u0000",
  "ann\n@example.com",
  "a b@example.com",
  "ann@ex ample.com",
  "ann@one@two",
  "\ud800@example.com",
  `${"a".repeat(250)}@example.com`,
  " ".repeat(2_000),
  7,
  null,
  ["ann@example.com"],
])("%j is none", (value) => {
  expect(emailAddress.safeParse(value).success).toBe(false);
});

it("comes out the same when read again, whatever it was", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "grapheme" })), (text) => {
      const { data, success } = emailAddress.safeParse(text);
      if (success) expect(emailAddress.parse(data)).toBe(data);
    }),
  );
});
