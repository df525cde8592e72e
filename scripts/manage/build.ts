import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { runCommand } from "../run-command.ts";
import type { Output } from "./output.ts";

const INPUTS = [
  "package-lock.json",
  "tsconfig.json",
  "{gateway,client,frontend}/*.{json,ts,html}",
  "{gateway,client}/{src,migrations}/**/*.{ts,tsx,json}",
  "gateway/data/**/*",
  "frontend/{src,public,dashboard}/**/*",
];
const OUTPUTS = [
  "gateway/dist/src/main.js",
  "gateway/dist/src/migrate.js",
  "frontend/dist/pages",
  "frontend/dist/dashboard/server.js",
];
const SHOWN_LINES = 30;
const STAMP = join(CHECKOUT, "gateway/dist/.inputs");

/** A digest of everything the build reads. */
export function inputDigest(checkout = CHECKOUT): string {
  const files = INPUTS.flatMap((pattern) => globSync(pattern, { cwd: checkout, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** Whether what is built fits the sources. */
export function isBuilt(): boolean {
  const complete = OUTPUTS.every((path) => existsSync(join(CHECKOUT, path)));
  return complete && existsSync(STAMP) && readFileSync(STAMP, "utf8") === inputDigest();
}

/**
 * Builds gateway and frontend unless that is done already.
 * @throws Failure with the end of the build's output.
 */
export async function ensureBuilt(output: Output): Promise<void> {
  if (isBuilt()) return;
  await output.step("Building gateway and frontend", async () => {
    const digest = inputDigest();
    const result = await runCommand("npm", ["run", "build"], { cwd: CHECKOUT, env: process.env });
    if (result.code !== 0) {
      const lines = `${result.stdout}\n${result.stderr}`.trim().split("\n");
      const tail = lines
        .filter((line) => !line.startsWith("npm "))
        .slice(-SHOWN_LINES)
        .join("\n");
      throw new Failure(`The build failed.\n${tail}`, "Mend what it names; npm run build shows all of it.");
    }
    writeFileSync(STAMP, digest);
  });
}
