import { expect, it } from "vitest";
import type { Work } from "./rounds.ts";
import { withMemory } from "./with-memory.ts";

const run = { done: 3, seconds: 1 };
const work: Work = {
  name: "work",
  gateway: { name: "gateway", pid: process.pid, measure: async () => run },
  baselines: [],
  figures: async () => [{ what: "own", value: 1, unit: "s" }],
};

it("tells of the memory beside what the work tells", async () => {
  const watched = withMemory(work);
  expect(await watched.gateway.measure(1)).toEqual(run);
  const figures = await watched.figures?.();
  expect(figures?.map(({ what }) => what)).toEqual([
    "own",
    "the gateway's memory, at most",
    "the gateway's memory in the end",
  ]);
  expect(figures?.[1]?.value).toBeGreaterThan(10);
});
