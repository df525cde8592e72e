import { expect, it } from "vitest";
import { createReconnectPauses } from "./reconnect-pauses.ts";

function createConnections() {
  let time = 0;
  const pauses = createReconnectPauses(() => time);
  /** A connection that is of use for so many milliseconds and is then lost. */
  const lasting = (milliseconds: number) => {
    pauses.connected();
    time += milliseconds;
    return pauses.beforeUse();
  };
  return { pauses, lasting };
}
const times = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);

it("the first connection, and the one after a long one, may be used at once", () => {
  const { pauses, lasting } = createConnections();
  expect(pauses.beforeUse()).toBe(0);
  expect(times(20, () => lasting(60_000))).toEqual(Array(20).fill(0));
});

it("connections that are lost one after another pause ever longer, up to a second", () => {
  const { lasting } = createConnections();
  expect(times(9, () => lasting(10))).toEqual([0, 50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  expect([lasting(60_000), lasting(10), lasting(10)]).toEqual([0, 0, 50]);
});

it("tries that lead to no connection change nothing about that, and have pauses of their own", () => {
  const { pauses, lasting } = createConnections();
  expect(times(3, () => lasting(10))).toEqual([0, 50, 100]);
  expect(times(3, () => pauses.beforeUse())).toEqual([100, 100, 100]);
  expect(lasting(10)).toBe(200);
  expect([0, 1, 2, 3, 4, 5, 99].map(pauses.afterFailure)).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
});
