import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { faultWords } from "./fault-words.ts";
import { replaceMarked } from "./marked-part.ts";

test("docs/operations.md shows the table the tests hold the gateway to; npm run docs:faults writes it", () => {
  const page = readFileSync(join(CHECKOUT, "docs/operations.md"), "utf8");
  expect(replaceMarked(page, "faults", faultWords())).toBe(page);
});

test("a page without the part's marks is no page to write to", () => {
  expect(() => replaceMarked("<!-- /faults --> <!-- faults -->", "faults", "x")).toThrow("no part faults");
});
