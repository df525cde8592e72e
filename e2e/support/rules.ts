import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";

/** A file of route rules for one world. */
export type RulesFile = { readonly file: string; remove(): void };

/**
 * The rules of the sample application as they are shipped, with some more before them.
 * @param more rules in YAML, indented by two.
 */
export function writeRules(more: string): RulesFile {
  const shipped = readFileSync(join(CHECKOUT, "gateway/gateway.yml"), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "passbridge-rules-"));
  const file = join(folder, "gateway.yml");
  writeFileSync(file, shipped.replace("rules:\n", `rules:\n${more}`));
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}
