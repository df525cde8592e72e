import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../errors.ts";
import { createUpstreamTarget } from "./upstream-target.ts";

const pieces = fc.constantFrom(
  "/",
  "..",
  ".",
  "%2e",
  "%2E",
  "%2f",
  "%5c",
  "\\",
  "#",
  "?",
  "app",
  "http://evil",
  " ",
  "\r\n",
);
const targets = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))).map((parts) => parts.join("")),
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))).map((parts) => `/${parts.join("")}`),
);

describe.each(["", "/app", "/app/v1/"])("behind an application's path %j", (path) => {
  const target = createUpstreamTarget(new URL(`http://upstream${path}`));

  test("whatever a client writes stays below it, or is refused", () => {
    fc.assert(
      fc.property(targets, (text) => {
        let asked: string;
        try {
          asked = target.pathOf(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect(error).toMatchObject({ code: "invalid_request" });
          return;
        }
        const base = path.replace(/\/$/, "");
        expect(asked.startsWith(`${base}/`)).toBe(true);
        expect(asked).not.toMatch(/[\r\n#]/);
        expect(new URL(`http://upstream${asked}`).pathname.startsWith(base)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
