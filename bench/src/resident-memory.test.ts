import { expect, it } from "vitest";
import { residentBytesIn, residentBytesOf, watchMemory } from "./resident-memory.ts";

it("reads what the system says of a process", () => {
  expect(residentBytesIn("Name:\tnode\nVmHWM:\t  200 kB\nVmRSS:\t  100 kB\n")).toBe(102_400);
  expect(residentBytesIn("Name:\tkthreadd\n")).toBe(0);
});

it("knows nothing of a process that is not there", () => {
  expect(residentBytesOf(2 ** 30)).toBeNull();
});

it("sees the most that was used, and hands over what ran", async () => {
  const before = residentBytesOf(process.pid) ?? 0;
  const { result, most } = await watchMemory(process.pid, async () => Buffer.alloc(64 * 1_024 * 1_024, 1));
  expect(result.at(-1)).toBe(1);
  expect(most).toBeGreaterThan(before + 32 * 1_024 * 1_024);
});
