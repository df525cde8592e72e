import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { leaksIn } from "./secrets.ts";

const SHOWN = 20;

async function linesOf(folder: string, names: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
}

/**
 * Searches the logs of a test run for every secret that its tests made, got or sent.
 * @returns how much there was to search.
 * @throws Error naming the lines that hold one, without it.
 */
export async function checkLogs(folder: string): Promise<{ lines: number; secrets: number }> {
  const names = await readdir(folder);
  if (names.includes("truncated")) throw new Error("The logs of this run are not whole: they were too large.");
  const secrets = new Set(
    await linesOf(
      folder,
      names.filter((name) => name.startsWith("secrets-")),
    ),
  );
  const faults: string[] = [];
  let lines = 0;
  for (const name of names.filter((one) => one.endsWith(".log"))) {
    const log = await readFile(join(folder, name), "utf8");
    const numbered = log.split("\n");
    lines += numbered.length - 1;
    for (const { trace, line } of leaksIn(log, secrets)) {
      faults.push(`${name}:${numbered.indexOf(line) + 1}: ${line.replaceAll(trace, "[secret]")}`);
    }
  }
  if (faults.length > 0) {
    throw new Error(
      `${faults.length} line(s) of the gateway's log hold a secret:\n${faults.slice(0, SHOWN).join("\n")}`,
    );
  }
  return { lines, secrets: secrets.size };
}
