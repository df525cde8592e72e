import { expect, it } from "vitest";
import { residentIn, watchMemory } from "./memory.ts";

it("reads the resident memory", () => {
  expect(residentIn("Name:\tnode\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\nRssAnon:\t 100 kB\n")).toBe(200 * 1024);
  expect(() => residentIn("Name:\tnode\nState:\tZ (zombie)\n")).toThrow("it is gone");
});

it("sees the most a process had, and what it has in the end", async () => {
  const { result, max, last } = await watchMemory(process.pid, async () => "done");
  expect(result).toBe("done");
  expect(max).toBeGreaterThanOrEqual(last);
  expect(last).toBeGreaterThan(10);
});
