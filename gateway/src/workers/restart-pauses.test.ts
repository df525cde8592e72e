import { expect, it } from "vitest";
import { createRestartPauses, type Death } from "./restart-pauses.ts";

const pausesAfter = (deaths: readonly Death[]) => {
  const { after } = createRestartPauses();
  return deaths.map(after);
};
const early = { served: 50, othersServe: true };
const late = { served: 60_000, othersServe: false };
const times = (count: number, death: Death) => Array.from({ length: count }, () => death);

it("replaces a worker at once, however often, while each served long", () => {
  expect(pausesAfter(times(20, late))).toEqual(times(20, late).map(() => 0));
});

it("waits ever longer, up to ten seconds, while workers die early and another one serves", () => {
  expect(pausesAfter(times(12, early))).toEqual([
    0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000,
  ]);
});

it("begins anew after one that served long", () => {
  expect(pausesAfter([...times(4, early), late, early, early])).toEqual([0, 100, 200, 400, 0, 0, 100]);
});

it("gives up at the fifth early death when nobody serves", () => {
  const alone = { served: 50, othersServe: false };
  expect(pausesAfter(times(5, alone))).toEqual([0, 100, 200, 400, null]);
});
