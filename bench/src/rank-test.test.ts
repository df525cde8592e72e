import { expect, it } from "vitest";
import { rankTest } from "./rank-test.ts";

it.each([
  // The example of SciPy's documentation of mannwhitneyu, by its asymptotic method.
  ["without ties", [19, 22, 16, 29, 24], [20, 11, 17, 12], 17, 0.11134689],
  ["with ties", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18], 18, 0.00198237],
  [
    "of different sizes",
    [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.9, 0.74, 1.21],
    35,
    0.24462361,
  ],
])("knows the value of samples %s, whichever comes first", (_what, one, other, u, p) => {
  expect(rankTest(one, other).u).toBe(u);
  expect(rankTest(one, other).p).toBeCloseTo(p, 6);
  expect(rankTest(other, one).u).toBe(one.length * other.length - u);
  expect(rankTest(other, one).p).toBeCloseTo(p, 6);
});

it("finds no difference where there is none, and a clear one where there is", () => {
  const values = Array.from({ length: 100 }, (_, index) => index);
  expect(rankTest(values, values).p).toBeCloseTo(1, 6);
  expect(rankTest([7, 7], [7, 7, 7]).p).toBe(1);
  const later = values.map((value) => value + 100);
  expect(rankTest(values, later).p).toBeLessThan(1e-9);
});

it("has nothing to say of an empty sample", () => {
  expect(() => rankTest([], [1])).toThrow(RangeError);
});
