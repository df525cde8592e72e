import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Problem } from "../errors.ts";
import { base64url, readBody } from "./request-body.ts";

const invalid = expect.objectContaining({ code: "invalid_request" });

function codeOf(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}

describe("readBody", () => {
  const schema = z.object({ name: z.string().optional() });

  test("reads no body as an empty object and drops what is not named", () => {
    expect(readBody(schema, undefined)).toEqual({});
    expect(readBody(schema, { name: "a", more: 1 })).toEqual({ name: "a" });
  });

  test.each([null, [], "text", 7, true, [{ name: "a" }]])("refuses %j", (body) => {
    expect(() => readBody(schema, body)).toThrow(invalid);
  });

  test.each([
    '{"__proto__":{"name":"a"}}',
    '{"name":"a","more":{"constructor":{"prototype":{}}}}',
    '{"list":[{"prototype":1}]}',
    `${'{"a":'.repeat(40)}1${"}".repeat(40)}`,
  ])("refuses %s", (json) => {
    expect(() => readBody(schema, JSON.parse(json))).toThrow(invalid);
  });

  test("any JSON is read or refused, and never anything else", () => {
    const bodies = fc.oneof(fc.jsonValue(), fc.object({ maxDepth: 6, withNullPrototype: true }));
    fc.assert(
      fc.property(bodies, (body) => {
        expect(["read", "invalid_request"]).toContain(codeOf(() => readBody(schema, body)));
      }),
    );
    expect(({} as Record<string, unknown>).name).toBeUndefined();
  });

  test("names the member at fault and repeats none of its value", () => {
    const secret = "hunter2".repeat(30);
    const refusal = (() => {
      try {
        return readBody(z.object({ deep: z.object({ id: base64url(1, 8) }) }), { deep: { id: secret } });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ detail: "deep.id: is too long" });
  });
});

describe("base64url", () => {
  test("takes exactly the canonical text of bytes within the limits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64url");
        const fits = bytes.length >= 4 && bytes.length <= 32;
        expect(base64url(4, 32).safeParse(text).success).toBe(fits);
      }),
    );
  });

  test("refuses all other text", () => {
    const schema = base64url(0, 64);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const canonical = /^[\w-]*$/.test(text) && Buffer.from(text, "base64url").toString("base64url") === text;
        expect(schema.safeParse(text).success).toBe(canonical);
      }),
    );
    for (const text of ["QQ==", "QQ=", "Q", "QR", "Q+", "Q/", " QQ", "QQ\n", "ＱＱ"]) {
      expect(schema.safeParse(text).success).toBe(false);
    }
  });
});
