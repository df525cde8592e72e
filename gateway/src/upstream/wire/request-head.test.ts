import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestHead } from "./request-head.ts";

describe("a request's head", () => {
  it("keeps names, values and order as they are given", () => {
    expect(requestHead({ method: "GET", path: "/a?b", headers: ["Host", "x", "x-A", "1", "X-a", "\xe9\t"] })).toBe(
      "GET /a?b HTTP/1.1\r\nHost: x\r\nx-A: 1\r\nX-a: \xe9\t\r\nConnection: keep-alive\r\n\r\n",
    );
  });

  it.each([
    ["a method", "GET /", "/", "X-A", "1"],
    ["no method", "", "/", "X-A", "1"],
    ["a target", "GET", "/a b", "X-A", "1"],
    ["no target", "GET", "", "X-A", "1"],
    ["a name", "GET", "/", "X A", "1"],
    ["no name", "GET", "/", "", "1"],
    ["a name with a colon", "GET", "/", "X:A", "1"],
    ["a value with a line", "GET", "/", "X-A", "1\r\nX-B: 2"],
    ["a value with a null", "GET", "/", "X-A", "\0"],
    ["a value that is no octets", "GET", "/", "X-A", "€"],
  ])("is refused for what cannot be written: %s", (_name, method, path, name, value) => {
    expect(() => requestHead({ method, path, headers: [name, value] })).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });

  it("never becomes another request, nor has another header", () => {
    const text = fc.string({ unit: fc.constantFrom("a", ":", " ", "\r", "\n", "\0", "\t", "é", "€") });
    fc.assert(
      fc.property(text, text, text, (path, name, value) => {
        let head: string;
        try {
          head = requestHead({ method: "GET", path, headers: [name, value] });
        } catch {
          return;
        }
        expect(head.split(/[\r\n]+/)).toEqual([
          `GET ${path} HTTP/1.1`,
          `${name}: ${value}`,
          "Connection: keep-alive",
          "",
        ]);
      }),
    );
  });
});
