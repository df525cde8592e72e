import { open } from "node:fs/promises";
import { ConfigError } from "../config.ts";
import type { RouteRules, RouteUpstream } from "../policy/route-rule.ts";
import { describeFinding, isFault } from "./finding.ts";
import { MAX_LENGTH, readRules } from "./read-rules.ts";

/** The rules of a file, and what may not be meant as it is written, a line each. */
export type LoadedRules = { readonly rules: RouteRules; readonly warnings: readonly string[] };

/** No more of the file than is looked at: a device or a wrong name is not to fill the memory. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    if (!(await file.stat()).isFile()) throw new Error("it is not a file");
    const buffer = Buffer.alloc(MAX_LENGTH + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      ({ bytesRead: read } = await file.read(buffer, length));
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readStart(path));
  } catch (error) {
    const why = error instanceof TypeError ? "it is not UTF-8 text" : error instanceof Error ? error.message : "";
    throw new ConfigError([`ROUTES_FILE: ${path} cannot be read: ${why}`]);
  }
}

/**
 * Loads a gateway.yml.
 * @param standard the upstream of rules that name none.
 * @throws ConfigError with every fault and its place, or when the file cannot be read.
 */
export async function loadRulesFile(path: string, standard: RouteUpstream): Promise<LoadedRules> {
  const { value, findings } = readRules(await readText(path), standard);
  const describe = (wanted: boolean) =>
    findings.filter((finding) => isFault(finding) === wanted).map((finding) => describeFinding(path, finding));
  if (value === null) throw new ConfigError(describe(true));
  return { rules: value, warnings: describe(false) };
}
