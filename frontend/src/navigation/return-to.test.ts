import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReturnTo as judge, withReturnTo } from "./return-to.ts";

const HERE = "https://auth.example.com";
const HOSTS = ["app.example.com", "*.apps.example.com"];
const safeReturnTo = (value: string | null | undefined) => judge(value, "/", () => ({ here: HERE, hosts: HOSTS }));

const HOSTILE = [
  "http://app.example.com/",
  "https://app.example.com:8443/",
  "https://app.example.com:/x@evil.example",
  "https://app.example.com.evil.example/",
  "https://evil.example/app.example.com",
  "https://app.example.com@evil.example/",
  "https://evil.example@app.example.com/",
  "https://user:pass@app.example.com/",
  "https://app.example.com\\@evil.example/",
  "https:\\\\app.example.com/",
  "https:/app.example.com/",
  "https:app.example.com/",
  "https:///app.example.com/",
  "https://\tapp.example.com/",
  "https://app.example.com\t.evil.example/",
  "https://app.example.com\u0000.evil.example/",
  "https://app.example.com%2eevil.example/",
  "https://app.example.com%00/",
  "https://xn--pp-wia.example.com/",
  "https://äpp.example.com/",
  "https://ａｐｐ.example.com/",
  "https://app.example.com。evil.example/",
  "https://apps.example.com/",
  "https://a.b.apps.example.com/",
  "https://.apps.example.com/",
  "https://*.apps.example.com/",
  "https://0x7f.1/",
  "https://[::1]/",
  "https://app.example.com./",
  "https://app.example.com/login",
  "https://app.example.com/%6cogin?return_to=x",
  "https://app.example.com//evil.example",
  "//app.example.com/",
  "ftp://app.example.com/",
  "data:text/html,https://app.example.com/",
  "javascript:https://app.example.com/",
  " https://app.example.com/",
];

const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        "https:",
        "http:",
        "//",
        "/",
        "\\",
        "@",
        ":",
        ".",
        "%2e",
        "%00",
        "\t",
        "?",
        "#",
        "*",
        "443",
        "8443",
        "。",
        "xn--",
      ],
      ...["app.example.com", "apps.example.com", "auth.example.com", ".example.com", "evil.example", "a", "ä", "login"],
    ),
    { maxLength: 9 },
  )
  .map((parts) => parts.join(""))
  .chain((text) => fc.constantFrom(text, `https://${text}`, `https://app.example.com${text}`));

describe("safeReturnTo", () => {
  test.each(["/", "/reports?a=1#part", "/account", "/a%20b", "/loginhelp", "/api/x?next=//other"])(
    "keeps %s",
    (path) => {
      expect(safeReturnTo(path)).toBe(path);
    },
  );

  test.each([
    null,
    undefined,
    "",
    "reports",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%2F/evil.example",
    "/..//evil.example",
    "/%5Cevil.example",
    "/%",
    "/login",
    "/LOGIN?return_to=/login",
    "/x/../login",
    "/%6Cogin",
    "/register/passkey-offer",
    "/.ory/kratos/self-service/logout",
    // The gateway's own table (gateway/src/policy/return-to.test.ts): both have to refuse it.
    "?a",
    "#a",
    " /a",
    "///evil.com",
    "\\\\evil.com",
    "/\n/evil.com",
    "/a\r\nSet-Cookie: a=b",
    "/a\u0000",
    "/a\u0085b",
    "https://other.example.com/a",
    "http:evil.com",
    "/.//evil.com",
    "/a/..//evil.com",
    "/%20/evil.com",
    "/%2e%2e//evil.com",
    "/%2f%2fevil.com",
    "/%0d%0aevil",
    "/%252Fevil.com",
    "/%25252Fevil.com",
    "/%252525252Fevil.com",
    "/%E2%80%8B/evil.com",
    "/%ff",
    "/login/",
    "/a/../login",
    `/${"a".repeat(2048)}`,
  ])("refuses %j", (value) => {
    expect(safeReturnTo(value)).toBe("/");
  });

  test("never leaves the origin, whatever it is given", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      "//",
      ".",
      "..",
      "%2f",
      "%5c",
      "\t",
      "\n",
      "@",
      ":",
      "?",
      "#",
      "http",
      "evil.example",
      "a",
    );
    const values = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => `/${parts.join("")}`),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(values, (value) => {
        const target = new URL(safeReturnTo(value), HERE);
        expect(target.origin).toBe(HERE);
        expect(target.pathname.startsWith("//")).toBe(false);
      }),
    );
  });
});

describe("safeReturnTo with hosts that the rules name", () => {
  test.each([
    ["https://app.example.com/a?b=%2F#c", "https://app.example.com/a?b=%2F#c"],
    ["https://app.example.com", "https://app.example.com/"],
    ["https://app.example.com:443/a", "https://app.example.com/a"],
    ["https://one.apps.example.com/a", "https://one.apps.example.com/a"],
    ["https://auth.example.com/account", "/account"],
  ])("keeps %s", (value, kept) => {
    expect(safeReturnTo(value)).toBe(kept);
  });

  test.each(HOSTILE)("refuses %j", (value) => {
    expect(safeReturnTo(value)).toBe("/");
  });

  test("never leads to a host that was not named, whatever it is given", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const { origin, username, password } = new URL(safeReturnTo(value), HERE);
        expect(origin).toMatch(/^https:\/\/(auth|app|[^./:]+\.apps)\.example\.com$/);
        expect(username + password).toBe("");
      }),
      { numRuns: 3_000 },
    );
  });
});

test("withReturnTo carries the target along, and nothing where it is the start", () => {
  expect(withReturnTo("/register", "/a?b=1")).toBe("/register?return_to=%2Fa%3Fb%3D1");
  expect(withReturnTo("/register", "/")).toBe("/register");
  expect(withReturnTo("/verify", "/", { flow: "1" })).toBe("/verify?flow=1");
});
