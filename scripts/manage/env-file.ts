import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";

const HEADING =
  "# Made by ./manage.sh start; secrets, so keep it private. The environment of the caller wins over this file.\n";

/** The settings file's values; none when there is no file. */
export function readEnvFile(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const entries = Object.entries(parseEnv(readFileSync(path, "utf8")));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Appends values to the settings file, making it if need be, in one step and readable by its owner only. */
export function addToEnvFile(path: string, values: Readonly<Record<string, string>>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  const before = existsSync(path) ? readFileSync(path, "utf8") : HEADING;
  const separator = before.endsWith("\n") || before === "" ? "" : "\n";
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft-${process.pid}`;
  writeFileSync(draft, before + separator + lines.join(""), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
