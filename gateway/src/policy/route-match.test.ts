import { describe, expect, it } from "vitest";
import { ruleFor } from "../../test/support/route-rules.ts";
import { findRule, isKnownHost, matchesHost } from "./route-match.ts";
import type { PathPattern, RouteRule } from "./route-rule.ts";

const rule = (name: string, change: Partial<RouteRule>) => ruleFor(new URL("http://u"), 1, { name, ...change });
const prefix = (path: string): PathPattern => ({ kind: "prefix", path });
const rules = [
  rule("editing", { path: prefix("/docs"), methods: ["PUT", "POST"] }),
  rule("docs", { path: prefix("/docs/") }),
  rule("admin", { path: prefix("/admin") }),
  rule("exact", { path: { kind: "exact", path: "/exact" } }),
  rule("images", { path: { kind: "regex", source: "\\.png$", test: (path) => /\.png$/.test(path) } }),
  rule("other host", { hosts: ["other.example", "*.apps.example"] }),
];

function nameFor(path: string, method = "GET", host = "app.example", ignoreCase = false) {
  return findRule({ rules, ignoreCase }, { method, host, path, query: "", pageLoad: false })?.name ?? null;
}

describe("findRule", () => {
  it.each([
    ["/docs", null],
    ["/docs/", "docs"],
    ["/docs/a", "docs"],
    ["/admin", "admin"],
    ["/admin/", "admin"],
    ["/admin;v=1", "admin"],
    ["/admin;v=1/x", "admin"],
    ["/administrator", null],
    ["/Admin", null],
    ["/exact", "exact"],
    ["/exact/", null],
    ["/a.png", "images"],
    ["/a.png/x", null],
    ["/", null],
  ])("for %s: %s", (path, name) => {
    expect(nameFor(path)).toBe(name);
  });

  it("takes the first rule that fits method and host as well", () => {
    expect(nameFor("/docs", "PUT")).toBe("editing");
    expect(nameFor("/docs/a", "POST")).toBe("editing");
    expect(nameFor("/x", "GET", "other.example:8443")).toBe("other host");
    expect(nameFor("/docs/a", "GET", "other.example")).toBe("docs");
  });

  it("ignores case where it is told to", () => {
    expect(nameFor("/ADMIN/x", "GET", "app.example", true)).toBe("admin");
  });
});

it("a wildcard stands for one label", () => {
  const patterns = ["*.apps.example"];
  expect(matchesHost(patterns, "a.apps.example")).toBe(true);
  for (const host of ["apps.example", ".apps.example", "a.b.apps.example", "aapps.example"]) {
    expect(matchesHost(patterns, host)).toBe(false);
  }
  expect(isKnownHost({ rules, ignoreCase: false }, "b.apps.example:81")).toBe(true);
  expect(isKnownHost({ rules, ignoreCase: false }, "app.example")).toBe(false);
});
