import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeReturnTo } from "./return-to.ts";

const PUBLIC_URL = new URL("https://app.example.com");

describe("safeReturnTo", () => {
  it.each([
    ["/", "/"],
    ["/dashboard", "/dashboard"],
    ["/a/b?c=d&e=%2F%2Fevil.com#f", "/a/b?c=d&e=%2F%2Fevil.com#f"],
    ["/a?next=//evil.com", "/a?next=//evil.com"],
    ["/loginhelp", "/loginhelp"],
    ["/café?q=ü", "/caf%C3%A9?q=%C3%BC"],
    ["/a/../b", "/b"],
    ["/@evil.com", "/@evil.com"],
    ["/my%20file%20100%25", "/my%20file%20100%25"],
    ["/my file", "/my%20file"],
    ["/fetch/https://example.com//a", "/fetch/https://example.com//a"],
  ])("keeps %j", (value, expected) => {
    expect(safeReturnTo(value, PUBLIC_URL)).toBe(expected);
  });

  it.each([
    undefined,
    null,
    42,
    ["/a"],
    "",
    "dashboard",
    "?a",
    "#a",
    " /a",
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "\\\\evil.com",
    "/\t/evil.com",
    "/\n/evil.com",
    "/a\r\nSet-Cookie: a=b",
    "/a\u0000",
    "/a\u0085b",
    "https://app.example.com/a",
    "https://evil.com",
    "http:evil.com",
    "javascript:alert(1)",
    "/..//evil.com",
    "/.//evil.com",
    "/a/..//evil.com",
    "/%20/evil.com",
    "/%2e%2e//evil.com",
    "/%2Fevil.com",
    "/%2f%2fevil.com",
    "/%5Cevil.com",
    "/%09/evil.com",
    "/%0d%0aevil",
    "/%252Fevil.com",
    "/%25252Fevil.com",
    "/%252525252Fevil.com",
    "/%E2%80%8B/evil.com",
    "/%",
    "/%ff",
    "/login",
    "/login/",
    "/login?return_to=/a",
    "/LOGIN",
    "/a/../login",
    "/%6cogin",
    "/register",
    "/.ory/kratos/self-service/login/browser",
    `/${"a".repeat(2048)}`,
  ])("refuses %j", (value) => {
    expect(safeReturnTo(value, PUBLIC_URL)).toBeNull();
  });

  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.constantFrom(
          ..."/\\.:@?#%\t\r\n ",
          "//",
          "%2f",
          "%5c",
          "%00",
          "%09",
          "%25",
          "..",
          "evil.com",
          "https:",
          "\u0000",
          "login",
          "a",
        ),
        { maxLength: 12 },
      )
      .map((parts) => `/${parts.join("")}`),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  );

  it("never leaves the origin, whatever comes in", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const safe = safeReturnTo(value, PUBLIC_URL);
        if (safe === null) return;
        expect(new URL(safe, PUBLIC_URL).origin).toBe(PUBLIC_URL.origin);
        expect(new URL(decodeURIComponent(new URL(safe, PUBLIC_URL).pathname), PUBLIC_URL).origin).toBe(
          PUBLIC_URL.origin,
        );
        expect(safe).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing more when asked again", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const safe = safeReturnTo(value, PUBLIC_URL);
        if (safe !== null) expect(safeReturnTo(safe, PUBLIC_URL)).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps every plain path", () => {
    const segment = fc.stringMatching(/^[a-z0-9_~-]{1,12}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const path = `/app/${segments.join("/")}`;
        expect(safeReturnTo(path, PUBLIC_URL)).toBe(path);
      }),
    );
  });
});

describe("safeReturnTo with hosts that the rules name", () => {
  const named = (name: string) => /^(app|[^.]+\.apps)\.example\.com$/.test(name);
  const AUTH = new URL("https://auth.example.com");
  const safe = (value: unknown, publicUrl = AUTH) => safeReturnTo(value, publicUrl, named);

  it.each([
    ["https://app.example.com/a?b=%2F#c", "https://app.example.com/a?b=%2F#c"],
    ["https://app.example.com", "https://app.example.com/"],
    ["https://one.apps.example.com:443/a", "https://one.apps.example.com/a"],
    ["https://auth.example.com/account", "/account"],
    ["/a?b=1", "/a?b=1"],
  ])("keeps %s", (value, kept) => {
    expect(safe(value)).toBe(kept);
    expect(safe(kept)).toBe(kept);
  });

  it("goes by PUBLIC_URL's scheme and port", () => {
    const plain = new URL("http://auth.localhost:8080");
    const local = (name: string) => name === "app.localhost";
    expect(safeReturnTo("http://app.localhost:8080/a", plain, local)).toBe("http://app.localhost:8080/a");
    for (const other of ["http://app.localhost/a", "http://app.localhost:81/a", "https://app.localhost:8080/a"]) {
      expect(safeReturnTo(other, plain, local)).toBeNull();
    }
  });

  it.each([
    "http://app.example.com/",
    "https://app.example.com:8443/",
    "https://app.example.com.evil.example/",
    "https://evil.example/app.example.com",
    "https://app.example.com@evil.example/",
    "https://evil.example@app.example.com/",
    "https://app.example.com\\@evil.example/",
    "https:\\\\app.example.com/",
    "https:/app.example.com/",
    "https:app.example.com/",
    "https:///app.example.com/",
    "https://\tapp.example.com/",
    "https://app.example.com%2eevil.example/",
    "https://ａｐｐ.example.com/",
    "https://äpp.example.com/",
    "https://app.example.com。evil.example/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://app.example.com./",
    "https://app.example.com/login",
    "https://app.example.com//evil.example",
    "//app.example.com/",
    "data:text/html,https://app.example.com/",
    "javascript:https://app.example.com/",
    `https://app.example.com/${"a".repeat(2048)}`,
  ])("refuses %j", (value) => {
    expect(safe(value)).toBeNull();
  });

  it("never leads to a host that was not named, whatever comes in", () => {
    const parts = fc.array(
      fc.constantFrom(
        ...["https:", "http:", "//", "/", "\\", "@", ":", ".", "%2e", "%00", "\t", "?", "#", "*", "443", "8443", "。"],
        ...["app.example.com", "apps.example.com", "auth.example.com", ".example.com", "evil.example", "a", "ä"],
      ),
      { maxLength: 9 },
    );
    const start = fc.constantFrom("", "https://", "https://app.example.com", "https://a.apps");
    fc.assert(
      fc.property(start, parts, (before, after) => {
        const kept = safe(before + after.join(""));
        if (kept === null) return;
        const { origin, username, password } = new URL(kept, AUTH);
        expect(origin).toMatch(/^https:\/\/(auth|app|[^./:]+\.apps)\.example\.com$/);
        expect(username + password).toBe("");
      }),
      { numRuns: 3_000 },
    );
  });
});
