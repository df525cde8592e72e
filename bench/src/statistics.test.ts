import { describe, expect, it } from "vitest";
import { median, quantile, ratios, summarise } from "./statistics.ts";

describe("median", () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[100, 9, 20], 20],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses an empty list", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("summarise", () => {
  it("shows an outlier as spread and keeps it out of the middle", () => {
    expect(summarise([10, 11, 9, 1_000, 10])).toEqual({ median: 10, low: 9, high: 1_000 });
  });
});

describe("ratios", () => {
  it("pairs the sides of each round", () => {
    expect(ratios([10, 20, 30], [5, 40, 30])).toEqual([2, 0.5, 1]);
  });

  it("refuses sides that ran a different number of rounds", () => {
    expect(() => ratios([1, 2], [1])).toThrow(RangeError);
  });
});

describe("quantile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0, 1],
    [0.25, 25],
    [0.99, 99],
    [1, 100],
  ])("of %d is the value of that rank", (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it("refuses an empty list", () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
