import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRequestTarget, targetFault } from "./request-target.ts";

describe("readRequestTarget", () => {
  it.each([
    ["/", "/", ""],
    ["/a/b?x=%2F/../&y", "/a/b", "?x=%2F/../&y"],
    ["/%61dmin/%7Eme", "/admin/~me", ""],
    ["/%c3%a9", "/%C3%A9", ""],
    ["/a//b///", "/a/b/", ""],
    ["/a;v=1/b", "/a;v=1/b", ""],
    ["/...", "/...", ""],
    ["/a?", "/a", "?"],
    ["/a?q=\\d+", "/a", "?q=\\d+"],
    ["http://elsewhere.example/a?b", "/a", "?b"],
    ["https://elsewhere.example", "/", ""],
  ])("reads %s", (text, path, query) => {
    expect(readRequestTarget(text)).toEqual({ path, query });
    expect(targetFault(text)).toBeNull();
  });

  it.each([
    "",
    "*",
    "a/b",
    "elsewhere.example:443",
    "http:///a",
    "ftp://x/a",
    "//elsewhere.example/a",
    "http://x//elsewhere.example",
    "/a/../b",
    "/a/./b",
    "/..",
    "/a/%2e%2E/b",
    "/a/.%2e",
    "/a/..;/b",
    "/a/.;x=1/b",
    "/a/%2e%2e;x/b",
    "/a%2fb",
    "/a%5Cb",
    "/a\\b",
    "/a%00",
    "/a\0",
    "/a%0d%0aX",
    "/a%7f",
    "/a%",
    "/a%4",
    "/a%zz",
    "/a%ff",
    "/a%c0%af",
    "/a b",
    "/a\tb",
    "/a#b",
    "/a?x=\0",
    "/é",
    "/a?é",
    "/a\u2028",
  ])("refuses %j", (text) => {
    expect(readRequestTarget(text)).toBeNull();
    expect(targetFault(text)).toEqual(expect.any(String));
  });

  const texts = fc
    .array(fc.constantFrom(..."/.;%25eEfFcC0?aA\\~é".split(""), "%2e", "%2F", "..", "//", "%61"))
    .map((parts) => `/${parts.join("")}`);

  it("reads what it wrote as the same, and never as anything climbing or splitting", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read = readRequestTarget(text);
        if (!read) return;
        expect(readRequestTarget(read.path + read.query)).toEqual(read);
        const decoded = decodeURIComponent(read.path);
        expect(decoded).not.toMatch(/\\|\/\/|(^|\/)\.\.?(\/|;|$)/);
        expect(decoded.split("/").length).toBe(read.path.split("/").length);
        expect(new URL(read.path, "http://host.example").pathname).toBe(
          new URL(`http://host.example${read.path}`).pathname,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
