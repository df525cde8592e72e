import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { messageOf } from "../../scripts/failure.ts";
import { formatTable } from "../../scripts/manage/table.ts";
import { startBench } from "./processes.ts";
import { summariseProfile } from "./profile-summary.ts";
import type { Work } from "./rounds.ts";
import { FULL } from "./scale.ts";
import { endWithSignals } from "./signals.ts";
import { WORKS } from "./works/all-works.ts";

const FOLDER = join(CHECKOUT, "artifacts", "bench");
const DURATION = 10_000;
/** Without the start, and the first second in which the code is compiled. */
const WINDOW = 9_000;
const SHOWN = 25;
/** Of these the gateway under test is the first one that is started. */
const GROUPS = ["session", "forward-auth", "proxy", "cold", "bodies", "ceremonies"];

/** Works of a group that are of this kind; every one has its gateway profiled in a process of its own. */
async function worksOf(group: string, words: readonly string[], nodeOptions: readonly string[]) {
  const bench = await startBench(nodeOptions, FULL);
  const works = (await WORKS[group]?.(bench, FULL)) ?? [];
  const isWanted = ({ name }: { readonly name: string }) => words.every((word) => name.includes(word));
  return { bench, works: works.filter((work): work is Work => "gateway" in work && isWanted(work)) };
}

/** Profiles the gateway's process at the work at this place; null when there is none. */
async function profile(group: string, words: readonly string[], at: number) {
  const file = `${[group, ...words].join("-")}-${at}.cpuprofile`;
  const options = ["--cpu-prof", `--cpu-prof-dir=${FOLDER}`, `--cpu-prof-name=${file}`];
  const { bench, works } = await worksOf(group, words, options);
  const work = works[at];
  try {
    await work?.gateway.measure(DURATION);
  } finally {
    await bench.stop();
  }
  return work ? { name: work.name, file: join(FOLDER, file), more: at + 1 < works.length } : null;
}

async function profileAll(group: string, words: readonly string[]): Promise<void> {
  for (let at = 0, more = true; more; at += 1) {
    const profiled = await profile(group, words, at);
    if (!profiled) throw new Error(`There is no work of ${group} with ${words.join(" and ")} in its name.`);
    const costs = summariseProfile(readFileSync(profiled.file, "utf8"), WINDOW).slice(0, SHOWN);
    const rows = costs.map(({ owner, share }) => [owner, `${(share * 100).toFixed(1)} %`]);
    console.log([`${profiled.name} (${profiled.file})`, ...formatTable(["where", "share"], rows), ""].join("\n"));
    ({ more } = profiled);
  }
}

async function main([group = "", ...words]: readonly string[]): Promise<void> {
  if (!GROUPS.includes(group)) throw new Error(`Name one of ${GROUPS.join(", ")}, and words of a work's name.`);
  mkdirSync(FOLDER, { recursive: true });
  await profileAll(group, words);
}

endWithSignals();
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
