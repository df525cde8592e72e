import { expect, it } from "vitest";
import { meets } from "./targets.ts";

it("takes the limit itself for good enough", () => {
  expect([0.99, 1, 1.01].map((value) => meets({ atLeast: 1 }, value))).toEqual([false, true, true]);
  expect([179, 180, 181].map((value) => meets({ atMost: 180 }, value))).toEqual([true, true, false]);
});
