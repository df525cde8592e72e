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
  "null",
  "[]",
  '"text"',
  "{",
  "",
])("%s is refused", (json) => {
  expect(() => requireTopLevelFrame(encode(json))).toThrow();
});
