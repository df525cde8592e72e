import fc from "fast-check";
import { expect, it } from "vitest";
import { accountKey } from "./account-key.ts";

it.each([
  "ANN@Example.COM",
  "  ann@example.com\t",
  "a\u0301nn@example.com",
  "ánn@example.com",
  "ａｎｎ@example.com",
  "an\u200bn@example.com",
])("counts %j with ann@example.com", (spelling) => {
  expect(accountKey(spelling)).toBe(accountKey("ann@example.com"));
});

it("counts letters that other languages lower in another way as one", () => {
  expect(accountKey("\u0130da@example.com")).toBe(accountKey("ida@example.com"));
  expect(accountKey("\u212Aim@example.com")).toBe(accountKey("kim@example.com"));
});

it("tells different addresses apart, and does not show them", () => {
  expect(accountKey("ann@example.com")).not.toBe(accountKey("ann@example.org"));
  expect(accountKey("ann@example.com")).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

it("takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => accountKey(text).length === 43));
});
