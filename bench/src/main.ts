import { messageOf } from "../../scripts/failure.ts";
import { ensureBuilt } from "../../scripts/manage/build.ts";
import { createOutput } from "../../scripts/manage/output.ts";
import { keepRun } from "./bench-file.ts";
import { runEnumeration } from "./enumeration/run-enumeration.ts";
import { describeMachine } from "./machine.ts";
import { startBench } from "./processes.ts";
import { tableOf } from "./report.ts";
import { type RunSettings, runWorks } from "./run-works.ts";
import { FULL, SMALL } from "./scale.ts";
import { endWithSignals } from "./signals.ts";
import { WORKS } from "./works/all-works.ts";

/** What has a report of its own; each is asked for alone, by its name. */
const REPORTS: Readonly<Record<string, () => Promise<string[]>>> = { enumeration: runEnumeration };

const SETTINGS: RunSettings = { rounds: 5, duration: 2_000, warmUp: 2_000, scale: FULL };
/** For a look while something is being built: what it shows is rough. */
const QUICK: RunSettings = { rounds: 3, duration: 500, warmUp: 500, scale: SMALL };

function requireKnown(wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !Object.hasOwn(WORKS, name));
  if (unknown.length === 0) return;
  const known = Object.keys({ ...WORKS, ...REPORTS }).join(", ");
  throw new Error(`There is no bench "${unknown.join(", ")}"; there are ${known}.`);
}

async function bench(names: readonly string[], file: string, settings: RunSettings): Promise<void> {
  if (settings.scale.built) await ensureBuilt(createOutput());
  const machine = describeMachine();
  const running = await startBench([], settings.scale);
  try {
    const results = await runWorks(running, names, settings);
    console.log(tableOf(results).join("\n"));
    console.log(`\nKept in ${await keepRun(file, machine, settings, results)}`);
  } finally {
    await running.stop();
  }
}

async function main(given: readonly string[]): Promise<void> {
  const quick = given.includes("--quick");
  const wanted = given.filter((word) => word !== "--quick");
  const [report] = Object.entries(REPORTS).filter(([name]) => wanted.length === 1 && wanted[0] === name);
  if (report) return console.log((await report[1]()).join("\n"));
  requireKnown(wanted);
  const names = wanted.length > 0 ? wanted : Object.keys(WORKS);
  const file = [...(wanted.length > 0 ? wanted : ["all"]), ...(quick ? ["quick"] : [])].join("-");
  await bench(names, file, quick ? QUICK : SETTINGS);
}

endWithSignals();

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
