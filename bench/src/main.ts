import { messageOf } from "../../scripts/failure.ts";
import { keepRun } from "./bench-file.ts";
import { runEnumeration } from "./enumeration/run-enumeration.ts";
import { startBench } from "./processes.ts";
import { tableOf } from "./report.ts";
import { type RunSettings, runWorks } from "./run-works.ts";
import { FULL } from "./scale.ts";
import { endWithSignals } from "./signals.ts";
import { WORKS } from "./works/all-works.ts";

/** What has a report of its own; each is asked for alone, by its name. */
const REPORTS: Readonly<Record<string, () => Promise<string[]>>> = { enumeration: runEnumeration };

const SETTINGS: RunSettings = { rounds: 5, duration: 2_000, warmUp: 2_000, scale: FULL };

function requireKnown(wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !Object.hasOwn(WORKS, name));
  if (unknown.length === 0) return;
  const known = Object.keys({ ...WORKS, ...REPORTS }).join(", ");
  throw new Error(`There is no bench "${unknown.join(", ")}"; there are ${known}.`);
}

async function main(wanted: readonly string[]): Promise<void> {
  const [report] = Object.entries(REPORTS).filter(([name]) => wanted.length === 1 && wanted[0] === name);
  if (report) return console.log((await report[1]()).join("\n"));
  requireKnown(wanted);
  const names = wanted.length > 0 ? wanted : Object.keys(WORKS);
  const bench = await startBench();
  try {
    const results = await runWorks(bench, names, SETTINGS);
    console.log(tableOf(results).join("\n"));
    console.log(`\nKept in ${await keepRun(wanted.length > 0 ? names.join("-") : "all", SETTINGS, results)}`);
  } finally {
    await bench.stop();
  }
}

endWithSignals();

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
