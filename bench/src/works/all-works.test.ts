import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, startBench } from "../processes.ts";
import { tableOf } from "../report.ts";
import { runWorks } from "../run-works.ts";
import { TINY } from "../scale.ts";
import { WORKS } from "./all-works.ts";

const TIMEOUT = 120_000;
const SETTINGS = { rounds: 1, duration: 100, warmUp: 0, scale: TINY };

let bench: Bench;

beforeAll(async () => {
  process.setMaxListeners(0);
  bench = await startBench([], TINY);
}, TIMEOUT);

afterAll(() => bench.stop(), TIMEOUT);

it.each(Object.keys(WORKS))("%s works run over real servers", { timeout: TIMEOUT }, async (name) => {
  const results = await runWorks(bench, [name], SETTINGS, () => undefined);
  expect(results.length).toBeGreaterThan(0);
  expect(tableOf(results).length).toBeGreaterThan(results.length);
});
