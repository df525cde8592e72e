import { expect, test } from "vitest";
import { digitsOf } from "./code-field.tsx";
import { looksLikeEmail } from "./email.ts";
import { passwordStrength } from "./password-strength.ts";

test.each([
  ["", 0],
  ["short1!", 0],
  ["password1", 1],
  ["Qwerty12!", 1],
  ["12345678", 1],
  ["aaaaaaaaaaaa", 1],
  ["mangrove", 2],
  ["mangrove-tide", 3],
  ["correct horse battery", 4],
])("%j has strength %i", (password, strength) => {
  expect(passwordStrength(password)).toBe(strength);
});

test("digitsOf takes the digits of whatever is pasted", () => {
  expect(digitsOf(" Your code: 528 923!\n")).toBe("528923");
  expect(digitsOf("1234567890")).toBe("123456");
});

test.each([
  ["ann@example.com", true],
  ["ann@localhost", true],
  [" ann@example.com ", true],
  ["ann", false],
  ["ann@", false],
  ["a b@example.com", false],
  ["ann@example..com", false],
])("%j looks like an e-mail address: %s", (value, expected) => {
  expect(looksLikeEmail(value)).toBe(expected);
});
