import { expect, test } from "vitest";
import { slowDown } from "./slow-down.ts";

test("waits not at all at first, then twice as long each time, and never longer than four seconds", () => {
  const waits = Array.from({ length: 9 }, (_, index) => slowDown(index + 1, 3));
  expect(waits).toEqual([0, 0, 0, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  expect(slowDown(1e9, 3)).toBe(4_000);
});
