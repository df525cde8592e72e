import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem } from "../errors.ts";
import { kratosPath } from "./kratos-path.ts";

function codeOf(path: string): string {
  try {
    kratosPath(path);
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return "accepted";
}

describe("kratosPath", () => {
  it.each([
    "/self-service/login/browser?return_to=https%3A%2F%2Fapp.example.com%2F..%2Fadmin",
    "/self-service/logout?token=a/../b",
    "/sessions/whoami",
    "/sessions/",
    "/schemas/ZGVmYXVsdA",
    "/.well-known/ory/webauthn.js",
    "/health/ready",
  ])("leaves %s as it is", (path) => {
    expect(kratosPath(path)).toBe(path);
  });

  it.each([
    "",
    "sessions",
    "//admin/identities",
    "/sessions/../admin/identities",
    "/sessions/./whoami",
    "/sessions/..",
    "/sessions//whoami",
    "/%2e%2e/admin",
    "/.%2e/admin",
    "/sessions%2f..%2fadmin",
    "/sessions/%2e%2e/admin",
    "/sessions\\..\\admin",
    "/%5cadmin",
    "/%255cadmin",
    "/sessions/%00",
    "/sessions/%7f",
    "/sessions;/admin",
    "/sessions#/admin",
    "/%",
    "/%ff",
  ])("refuses %j", (path) => {
    expect(codeOf(path)).toBe("invalid_request");
  });

  it.each([
    "/",
    "/admin",
    "/admin/identities",
    "/ADMIN/identities",
    "/%61dmin/identities",
    "/%41dmin",
    "/identities",
    "/recovery/code",
    "/courier/messages",
    "/metrics/prometheus",
    "/Sessions/whoami",
    "/self-service%20",
  ])("knows nothing of %s", (path) => {
    expect(codeOf(path)).toBe("not_found");
  });
});

describe("whatever a client writes", () => {
  const parts = ["/", "..", ".", "%2e", "%2f", "%5c", "\\", ";", "#", "?", "//", "admin", "identities", "sessions"];
  const targets = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.oneof(fc.constantFrom(...parts, "self-service", "health", "whoami"), fc.string({ maxLength: 3 })))
      .map((pieces) => `/${pieces.join("")}`),
  );
  const PUBLIC = ["self-service", "sessions", "schemas", ".well-known", "health", "version"];

  it("goes to a public path, as two readers read it, or nowhere", () => {
    fc.assert(
      fc.property(targets, (target) => {
        const code = codeOf(target);
        if (code !== "accepted") {
          expect(["invalid_request", "not_found"]).toContain(code);
          return;
        }
        const [path = ""] = target.split("?", 1);
        const { pathname } = new URL(`http://kratos${target}`);
        expect(decodeURIComponent(pathname)).toBe(decodeURIComponent(path));
        expect(PUBLIC).toContain(decodeURIComponent(pathname.split("/")[1] ?? ""));
      }),
      { numRuns: 500 },
    );
  });
});

describe("return_to", () => {
  it.each([
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    " //evil.example",
  ])("%j, another host to a browser, is refused", (value) => {
    for (const name of ["return_to", "after_verification_return_to"]) {
      const query = new URLSearchParams({ refresh: "true", [name]: value });
      expect(() => kratosPath(`/self-service/login/browser?${query}`)).toThrow("return_to");
    }
  });

  it.each(["/a", "https://app.example.com/a//b", "/a?b=//c", ""])("%j is Kratos' to judge", (value) => {
    const target = `/self-service/login/browser?${new URLSearchParams({ return_to: value })}`;
    expect(kratosPath(target)).toBe(target);
  });
});
