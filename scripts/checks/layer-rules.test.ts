import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHECKOUT } from "../checkout.ts";

const BIOME = join(CHECKOUT, "node_modules/.bin/biome");

/** The project's rules without its version control: a folder outside has none. */
const rules = { ...JSON.parse(readFileSync(join(CHECKOUT, "biome.json"), "utf8")), vcs: { enabled: false } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-rules-"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify(rules));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the linter says of a file that would stand at a path. */
function lint(path: string, source: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  const { stdout, stderr } = spawnSync(BIOME, ["lint", "--colors=off", "."], { cwd: folder, encoding: "utf8" });
  const output = stdout + stderr;
  expect(output).toMatch(/Checked 2 files/);
  return output;
}

const RESTRICTED = "noRestrictedImports";
const uses = (name: string) => `import thing from "${name}";\n\nexport const used = thing;\n`;

describe("the layer rules", () => {
  it.each([
    ["gateway/src/policy/new-rule.ts", uses("node:fs"), RESTRICTED],
    ["gateway/src/policy/new-rule.ts", uses("../redis.ts"), RESTRICTED],
    ["gateway/src/sessions/session.ts", uses("node:net"), RESTRICTED],
    ["gateway/src/passkeys/new-ceremony.ts", uses("express"), RESTRICTED],
    ["gateway/src/passkeys/new-ceremony.ts", uses("knex"), RESTRICTED],
    ["gateway/src/http/new-route.ts", uses("knex"), RESTRICTED],
    ["gateway/src/http/new-route.ts", uses("redis"), RESTRICTED],
    ["gateway/src/passkeys/new-store.ts", uses("express"), RESTRICTED],
    ["gateway/src/http/new-route.ts", uses("@passbridge/client"), RESTRICTED],
    ["frontend/src/new-page.ts", uses("../../gateway/src/errors.ts"), RESTRICTED],
    ["gateway/src/http/new-route.ts", "export const port = process.env.PORT;\n", "noProcessEnv"],
    ["gateway/src/http/new-route.ts", "export const all: any = 1;\n", "noExplicitAny"],
    ["gateway/src/http/new-route.ts", 'export * from "./guards.ts";\n', "noReExportAll"],
    ["gateway/src/http/new-route.ts", "export default 1;\n", "noDefaultExport"],
    ["gateway/test/new.test.ts", 'import { it } from "vitest";\n\nit.skip("x", () => {});\n', "noSkippedTests"],
  ])("refuse in %s: %s", (path, source, rule) => {
    expect(lint(path, source)).toContain(rule);
  });

  it.each([
    ["gateway/src/passkeys/new-store.ts", uses("knex")],
    ["gateway/src/sessions/new-source.ts", uses("redis")],
    ["gateway/src/http/new-route.ts", uses("express")],
    ["gateway/src/policy/new-rule.ts", uses("../sessions/session.ts")],
    ["gateway/src/config.ts", "export const port = process.env.PORT;\n"],
  ])("allow in %s: %s", (path, source) => {
    expect(lint(path, source)).not.toMatch(/noRestrictedImports|noProcessEnv/);
  });
});
