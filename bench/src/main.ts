import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { messageOf } from "../../scripts/failure.ts";
import { cpuSecondsOf } from "./cpu-time.ts";
import { runEnumeration } from "./enumeration/run-enumeration.ts";
import { CONNECTIONS } from "./load.ts";
import { type Bench, startBench } from "./processes.ts";
import { markdownOf, tableOf } from "./report.ts";
import { type RoundSettings, runRounds, type Work, type WorkResult } from "./rounds.ts";
import { endWithSignals } from "./signals.ts";
import { createCeremonyWorks } from "./works/ceremonies.ts";
import { createGrowthWorks } from "./works/growth.ts";
import { createProxyWorks } from "./works/proxy.ts";
import { createSessionWorks } from "./works/session.ts";

const WORKS: Readonly<Record<string, (bench: Bench) => Promise<Work[]>>> = {
  session: createSessionWorks,
  proxy: createProxyWorks,
  ceremonies: createCeremonyWorks,
  growth: createGrowthWorks,
};

/** What measures no throughput; each is asked for alone, by its name. */
const TRIALS: Readonly<Record<string, () => Promise<string[]>>> = { enumeration: runEnumeration };

const SETTINGS: RoundSettings = { rounds: 5, duration: 2_000, warmUp: 2_000 };

function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model,
    cores: cpus().length,
    memory: totalmem(),
    node: process.version,
    platform: process.platform,
  };
}

function keep(name: string, results: readonly WorkResult[]): string {
  const folder = join(CHECKOUT, "artifacts", "bench");
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  const log_level = process.env.LOG_LEVEL ?? "info";
  const run = {
    at: new Date().toISOString(),
    machine: machine(),
    connections: CONNECTIONS,
    log_level,
    settings: SETTINGS,
    results,
  };
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.md`), `${markdownOf(results).join("\n")}\n`);
  return file;
}

async function runWorks(names: readonly string[]): Promise<WorkResult[]> {
  const bench = await startBench();
  try {
    const results: WorkResult[] = [];
    for (const name of names) {
      for (const work of (await WORKS[name]?.(bench)) ?? []) {
        console.error(`${work.name} …`);
        results.push(await runRounds(work, SETTINGS, cpuSecondsOf));
        if (work.remark) console.error(await work.remark());
      }
    }
    return results;
  } finally {
    await bench.stop();
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const [trial] = Object.entries(TRIALS).filter(([name]) => wanted.length === 1 && wanted[0] === name);
  if (trial) return console.log((await trial[1]()).join("\n"));
  const unknown = wanted.filter((name) => !Object.hasOwn(WORKS, name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no bench "${unknown.join(", ")}"; there are ${Object.keys({ ...WORKS, ...TRIALS }).join(", ")}.`,
    );
  }
  const names = wanted.length > 0 ? wanted : Object.keys(WORKS);
  const results = await runWorks(names);
  console.log(tableOf(results).join("\n"));
  console.log(`\nKept in ${keep(wanted.length > 0 ? names.join("-") : "all", results)}`);
}

endWithSignals();

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
