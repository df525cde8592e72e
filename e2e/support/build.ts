import { cpSync, existsSync, globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { runOrThrow } from "../../scripts/run-command.ts";

const SOURCES = [
  "frontend/*.{html,json,ts}",
  "frontend/{src,public,dashboard}/**/*.{ts,tsx,css,html,svg,json}",
  "client/src/**/*.ts",
];
const OUTPUTS = [
  "frontend/dist/pages/index.html",
  "frontend/dist/dashboard/public/index.html",
  "frontend/dist/dashboard/server.js",
];

const changedAt = (path: string) => statSync(join(CHECKOUT, path)).mtimeMs;

function isFresh(): boolean {
  if (!OUTPUTS.every((path) => existsSync(join(CHECKOUT, path)))) return false;
  const sources = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: CHECKOUT }));
  const newest = Math.max(...sources.filter((path) => !/\.test\.tsx?$/.test(path)).map(changedAt));
  return Math.min(...OUTPUTS.map(changedAt)) >= newest;
}

/** What is built, set aside so that another build while the tests run takes nothing away from under them. */
export type Built = { readonly pages: string; readonly dashboard: string };

/**
 * Builds the pages and the sample dashboard unless what is built is newer than its sources.
 * @returns copies of both, and what removes them.
 * @throws Error with the end of the build's output.
 */
export async function buildPages(): Promise<Built & { readonly remove: () => void }> {
  if (!isFresh()) {
    await runOrThrow("npm", ["run", "--silent", "build", "--workspace", "@passbridge/frontend"], { cwd: CHECKOUT });
  }
  const folder = mkdtempSync(join(tmpdir(), "passbridge-built-"));
  const copy = (name: string) => {
    cpSync(join(CHECKOUT, "frontend/dist", name), join(folder, name), { recursive: true });
    return join(folder, name);
  };
  return {
    pages: copy("pages"),
    dashboard: copy("dashboard"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
