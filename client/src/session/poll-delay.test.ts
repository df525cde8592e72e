import { describe, expect, it } from "vitest";
import { POLL_TIMES, pollDelay } from "./poll-delay.ts";

const delay = (failures: number, retryAfter?: number, random = 0) =>
  pollDelay({ failures, retryAfter }, POLL_TIMES, random);

describe("pollDelay", () => {
  it("is the interval after an answer", () => {
    expect(delay(0)).toBe(POLL_TIMES.interval);
    expect(delay(0, undefined, 1)).toBe(POLL_TIMES.interval);
  });

  it("doubles with each failure, up to the cap", () => {
    expect([1, 2, 3, 4].map((failures) => delay(failures))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(delay(10)).toBe(60_000);
    expect(delay(5_000)).toBe(60_000);
  });

  it("never comes back before Retry-After", () => {
    expect(delay(1, 5)).toBe(5_000);
    expect(delay(6, 5)).toBe(32_000);
  });

  it("believes no absurd Retry-After", () => {
    expect(delay(1, 1e9)).toBe(300_000);
  });

  it("waits up to a fifth longer, so that browsers do not all return at once", () => {
    expect(delay(1, 5, 1)).toBe(6_000);
  });
});
