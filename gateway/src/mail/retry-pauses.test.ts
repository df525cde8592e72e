import { expect, test } from "vitest";
import { isTooOld, pauseAfter } from "./retry-pauses.ts";

const HOUR = 3_600_000;

test("each pause is twice the one before, up to four hours", () => {
  expect([1, 2, 3, 4].map(pauseAfter)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect([12, 13, 1_000].map(pauseAfter)).toEqual([4 * HOUR, 4 * HOUR, 4 * HOUR]);
});

test("a mail is tried for three days", () => {
  const created = new Date("2026-01-01T00:00:00Z");
  const after = (milliseconds: number) => isTooOld(created, new Date(created.getTime() + milliseconds));
  expect([after(0), after(72 * HOUR - 1), after(72 * HOUR)]).toEqual([false, false, true]);
});
