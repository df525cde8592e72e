import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, startBench } from "../processes.ts";
import { tableOf } from "../report.ts";
import { runWorks } from "../run-works.ts";
import { TINY } from "../scale.ts";
import { WORKS } from "./all-works.ts";

const TIMEOUT = 120_000;

let bench: Bench;

beforeAll(async () => {
  process.setMaxListeners(0);
  bench = await startBench([], TINY);
}, TIMEOUT);

afterAll(() => bench.stop(), TIMEOUT);

// One beside the other: what is held here is that every answer is right, not how fast it came.
it.concurrent.each(Object.keys(WORKS))("%s works run over real servers", { timeout: TIMEOUT }, async (name) => {
  const settings = { rounds: 1, duration: 100, warmUp: 0, scale: TINY };
  const results = await runWorks(bench, [name], settings, () => undefined);
  expect(results.length).toBeGreaterThan(0);
  expect(tableOf(results).length).toBeGreaterThan(results.length);
});
