import fc from "fast-check";
import { expect, test } from "vitest";
import { requireTopLevelFrame } from "./client-data.ts";

const encode = (text: string) => Buffer.from(text).toString("base64url");

test.each(['{"type":"webauthn.get"}', '{"crossOrigin":false}', '{"crossOrigin":false,"other":{"a":1}}'])(
  "%s is of the page itself",
  (json) => {
    expect(() => requireTopLevelFrame(encode(json))).not.toThrow();
  },
);

test.each([
  '{"crossOrigin":true}',
  '{"crossOrigin":"false"}',
  '{"crossOrigin":null}',
  '{"crossOrigin":false,"topOrigin":"https://example.com"}',
  '{"topOrigin":""}',
  '{"topOrigin":null}',
  '{"origin":"https://evil.example","origin":"https://example.com"}',
  '{"challenge":"a","challeng\\u0065":"b"}',
  "null",
  "[]",
  '"text"',
  "{",
  "",
])("%s is refused", (json) => {
  expect(() => requireTopLevelFrame(encode(json))).toThrow();
});

test("any client data pass that say nothing of a foreign frame, and no other", () => {
  const data = fc.record(
    { type: fc.string(), crossOrigin: fc.oneof(fc.jsonValue(), fc.constant(false)), topOrigin: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(data, (value) => {
      const read = () => requireTopLevelFrame(encode(JSON.stringify(value)));
      const top = (value.crossOrigin === undefined || value.crossOrigin === false) && value.topOrigin === undefined;
      if (top) expect(read).not.toThrow();
      else expect(read).toThrow();
    }),
  );
});

test("bytes that are no JSON object are refused", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const isObject = (() => {
          try {
            const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
            return typeof value === "object" && value !== null && !Array.isArray(value);
          } catch {
            return false;
          }
        })();
        fc.pre(!isObject);
        expect(() => requireTopLevelFrame(Buffer.from(bytes).toString("base64url"))).toThrow();
      },
    ),
  );
});
