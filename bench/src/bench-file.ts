import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { CONNECTIONS } from "./load.ts";
import { describeMachine, readVersions } from "./machine.ts";
import { markdownOf, type Result } from "./report.ts";
import type { RunSettings } from "./run-works.ts";

async function describeRun(settings: RunSettings, results: readonly Result[]) {
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    versions: await readVersions(),
    connections: CONNECTIONS,
    log_level: process.env.LOG_LEVEL ?? "info",
    settings,
    results,
  };
}

/** A whole run of the bench, as its file holds it. */
export type BenchFile = Awaited<ReturnType<typeof describeRun>>;

/** Keeps a run as JSON and as a table in Markdown, in artifacts/bench/; the JSON's path. */
export async function keepRun(name: string, settings: RunSettings, results: readonly Result[]): Promise<string> {
  const folder = join(CHECKOUT, "artifacts", "bench");
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(await describeRun(settings, results), null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), `${markdownOf(results).join("\n")}\n`);
  return file;
}
