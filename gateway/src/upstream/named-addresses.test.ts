import fc from "fast-check";
import { expect, test } from "vitest";
import { Problem } from "../errors.ts";
import { namedAddresses } from "./named-addresses.ts";

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded; charset=utf-8";
const read = (contentType: string | undefined, body: string) => namedAddresses(contentType, Buffer.from(body));

test.each([
  [JSON_TYPE, '{"traits":{"email":"ann@example.com"},"password":"not@this"}', ["ann@example.com"]],
  [JSON_TYPE, '{"Traits":{"email":"ann@example.com","more":[{"mail":"b@x"}]}}', ["ann@example.com", "b@x"]],
  [JSON_TYPE, '{"traits":{"name":"Ann"}}', []],
  [JSON_TYPE, "null", []],
  [JSON_TYPE, "{", []],
  [FORM, "traits.email=ann%40example.com&password=not%40this&TRAITS.email=b%40x", ["ann@example.com", "b@x"]],
  [undefined, "", []],
])("%s %s names %j", (contentType, body, expected) => {
  expect(read(contentType, body)).toEqual(expected);
});

test("what is not read here is refused", () => {
  expect(() => read("multipart/form-data; boundary=x", "--x")).toThrow(Problem);
  const many = { traits: Array.from({ length: 9 }, (_, one) => `${one}@example.com`) };
  expect(() => read(JSON_TYPE, JSON.stringify(many))).toThrow(Problem);
});

test("whatever comes is read or refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(JSON_TYPE, FORM), fc.oneof(fc.string({ unit: "binary" }), fc.json()), (type, body) => {
      try {
        expect(read(type, body).every((address) => address.includes("@"))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
      }
    }),
  );
});
