import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import type { BenchFile } from "./bench-file.ts";
import { chartOf } from "./chart.ts";
import { withMarkedPart } from "./marked-part.ts";
import { markdownOf } from "./report.ts";
import { sizingPageWith } from "./sizing/sizing-page.ts";

export const DOCS = {
  run: join(CHECKOUT, "docs", "bench.json"),
  chart: join(CHECKOUT, "docs", "images", "bench.svg"),
  page: join(CHECKOUT, "docs", "performance.md"),
  deployment: join(CHECKOUT, "docs", "deployment.md"),
  sizing: join(CHECKOUT, "docs", "sizing.json"),
};

const MADE_BY = "npm run docs -w bench, from docs/bench.json";

function describeRun({ at, machine, versions, settings, connections, log_level }: BenchFile): string {
  const { packages, ...programs } = versions;
  const named = (pairs: object) => Object.entries(pairs).map(([name, version]) => `${name} ${version ?? "missing"}`);
  return [
    `${at.slice(0, 10)}: ${machine.cores} cores of ${machine.cpu}, ${Math.round(machine.memory / 2 ** 30)} GiB, ${machine.platform}; load before it: ${machine.load}.`,
    `${connections} connections; ${settings.rounds} rounds of ${settings.duration / 1_000} s after ${settings.warmUp / 1_000} s of warm-up; log level ${log_level}.`,
    `${named(programs).join(", ")}; packages: ${named(packages).join(", ")}.`,
  ].join("\n");
}

/**
 * The page with what was measured between its markers.
 * @throws Error when the page has no markers.
 */
export function pageWith(page: string, run: BenchFile): string {
  return withMarkedPart(page, MADE_BY, [describeRun(run), "", ...markdownOf(run.results)].join("\n"));
}

const readText = (file: string) => readFileSync(file, "utf8");

/** The run the docs are about. */
export const readRun = (file = DOCS.run): BenchFile => JSON.parse(readText(file));

/** What the documents made from a run have to be, by their paths. */
export function documentsOf(run: BenchFile): ReadonlyMap<string, string> {
  return new Map([
    [DOCS.chart, chartOf(run.results)],
    [DOCS.page, pageWith(readText(DOCS.page), run)],
    [DOCS.deployment, sizingPageWith(readText(DOCS.deployment), readText(DOCS.sizing), run.results)],
  ]);
}

/** Has the docs be about another run, or about the same one again when none is given. */
export function writeDocs(file?: string): void {
  const run = readRun(file);
  if (file) writeFileSync(DOCS.run, `${JSON.stringify(run, null, 2)}\n`);
  for (const [path, text] of documentsOf(run)) writeFileSync(path, text);
}

if (import.meta.main) {
  const [, , file] = process.argv;
  // npm has changed to the bench's folder.
  writeDocs(file && resolve(CHECKOUT, file));
}
