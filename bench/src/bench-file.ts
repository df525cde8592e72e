import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { CONNECTIONS } from "./load.ts";
import { type describeMachine, readVersions } from "./machine.ts";
import { markdownOf, type Result } from "./report.ts";
import type { RunSettings } from "./run-works.ts";

/** What is known before the first work. */
type Machine = ReturnType<typeof describeMachine>;

async function describeRun(machine: Machine, settings: RunSettings, results: readonly Result[]) {
  return {
    at: new Date().toISOString(),
    machine,
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
export async function keepRun(
  name: string,
  machine: Machine,
  settings: RunSettings,
  results: readonly Result[],
): Promise<string> {
  const folder = join(CHECKOUT, "artifacts", "bench");
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(await describeRun(machine, settings, results), null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), `${markdownOf(results).join("\n")}\n`);
  return file;
}
