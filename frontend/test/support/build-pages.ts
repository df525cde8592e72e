import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    pagesFolder: string;
  }
}

const VITE = join(import.meta.dirname, "../../../node_modules/vite/bin/vite.js");

/** Builds the pages once for all browser tests, beside the real build so that a running gateway is not disturbed. */
export async function setup(project: TestProject): Promise<void> {
  const cwd = join(import.meta.dirname, "../..");
  const outDir = join(cwd, "dist/test-pages");
  await promisify(execFile)(process.execPath, [VITE, "build", "--logLevel", "warn", "--outDir", outDir], { cwd });
  project.provide("pagesFolder", outDir);
}
