import { expect, it } from "vitest";
import { cpuSecondsIn, cpuSecondsOf } from "./cpu-time.ts";

it("adds a process' user and system time, whatever its name", () => {
  const stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 8 20 0 1 0 100 0 0";
  expect(cpuSecondsIn(stat)).toBe(3);
});

it("knows nothing of a process that is not there", () => {
  expect(cpuSecondsOf(2 ** 30)).toBeNull();
});
