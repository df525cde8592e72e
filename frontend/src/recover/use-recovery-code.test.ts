import { expect, test } from "vitest";
import { codeFault } from "./use-recovery-code.ts";

test.each(["k7fm2-9xqpd", " K7FM2 9XQPD ", "k7fm29xqpd", "k7fm2\u20139xqpd"])("%j may be sent", (typed) => {
  expect(codeFault(typed)).toBeNull();
});

test.each([
  ["", "Please fill this in."],
  ["  ", "Please fill this in."],
  ["k7fm2-9xq", "A recovery code has ten letters and digits."],
  ["123456", "A recovery code has ten letters and digits."],
  ["k7fm2-9xqpd k7fm2-9xqpd", "A recovery code has ten letters and digits."],
])("%j: %s", (typed, words) => {
  expect(codeFault(typed)).toBe(words);
});
