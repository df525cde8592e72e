import { sign } from "cookie-signature";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieValues } from "./cookie-values.ts";
import { readSessionId } from "./session-cookie.ts";

const written = (id: string, secret: string) => encodeURIComponent(`s:${sign(id, secret)}`);

describe("readSessionId", () => {
  it("reads what any of the secrets signed", () => {
    const header = `a=b; sid=${written("one", "old")}; c=d`;
    expect(readSessionId(header, "sid", ["new", "old"])).toBe("one");
    expect(readSessionId(header, "sid", ["new"])).toBeNull();
  });

  it("is not misled by a forged cookie of the same name before the real one", () => {
    const header = `sid=s%3Aforged.signature; sid=%E0%A4%A; sid=${written("real", "key")}`;
    expect(readSessionId(header, "sid", ["key"])).toBe("real");
  });

  it.each([undefined, "", "sid", "sid=", "sid=plain", "xsid=s%3Aa.b"])("finds nothing in %s", (header) => {
    expect(readSessionId(header, "sid", ["key"])).toBeNull();
  });
});

describe("cookieValues", () => {
  it("keeps the order and drops the quotes", () => {
    expect(cookieValues('x=1; y="2"; x=3=4;x', "x")).toEqual(["1", "3=4"]);
    expect(cookieValues('y="2"', "y")).toEqual(["2"]);
  });
});

describe("whatever a Cookie header holds", () => {
  const headers = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(...'sid=;:%" .,3A\\') }));

  it("nothing is a session but what was signed", () => {
    fc.assert(
      fc.property(headers, (header) => {
        expect(readSessionId(header, "sid", ["key"])).toBeNull();
      }),
    );
  });

  it("a signed session is found beside it", () => {
    fc.assert(
      fc.property(headers, fc.string({ minLength: 1 }), (header, id) => {
        fc.pre(!id.includes(".") && id.isWellFormed());
        expect(readSessionId(`${header.replaceAll("sid", "")}; sid=${written(id, "key")}`, "sid", ["key"])).toBe(id);
      }),
    );
  });

  it("a value is part of it, and without the marks that end one", () => {
    fc.assert(
      fc.property(headers, (header) => {
        for (const value of cookieValues(header, "sid")) {
          expect(header).toContain(value);
          expect(value).not.toContain(";");
        }
      }),
    );
  });
});
