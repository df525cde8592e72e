import { expect, it } from "vitest";
import { createCpuMeter, usedBetween, usedBySide } from "./cpu-meter.ts";

it("counts what the side's work cost in other servers, but neither the upstream nor the load tool", () => {
  const before = { own: 1, redis: 2, upstream: 3, "load tool": 4 };
  const after = { own: 2, redis: 2.5, upstream: 13, "load tool": 14 };
  const used = usedBetween(before, after);
  expect(used).toEqual({ own: 1, redis: 0.5, upstream: 10, "load tool": 10 });
  expect(usedBySide(used)).toBe(1.5);
});

it("counts a shared server that is the side itself once", () => {
  const meter = createCpuMeter({ kratos: process.pid });
  expect(Object.keys(meter(process.pid) ?? {})).toEqual(["own", "load tool"]);
  expect(Object.keys(meter(process.ppid) ?? {})).toEqual(["own", "kratos", "load tool"]);
});

it("knows nothing when one process cannot be read", () => {
  expect(createCpuMeter({ redis: 2 ** 30 })(process.pid)).toBeNull();
});
