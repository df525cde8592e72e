import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReturnTo, withReturnTo } from "./return-to.ts";

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
        const target = new URL(safeReturnTo(value), "https://here.example");
        expect(target.origin).toBe("https://here.example");
        expect(target.pathname.startsWith("//")).toBe(false);
      }),
    );
  });
});

test("withReturnTo carries the target along, and nothing where it is the start", () => {
  expect(withReturnTo("/register", "/a?b=1")).toBe("/register?return_to=%2Fa%3Fb%3D1");
  expect(withReturnTo("/register", "/")).toBe("/register");
  expect(withReturnTo("/verify", "/", { flow: "1" })).toBe("/verify?flow=1");
});
