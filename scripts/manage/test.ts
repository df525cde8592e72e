import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { buildHelm } from "./build-helm.ts";
import { buildKratos } from "./build-kratos.ts";
import { ensureTools } from "./install-tools.ts";
import type { Output } from "./output.ts";
import { askableTerminal } from "./start.ts";
import { SUITES, type Suite, type Tally, totalLine } from "./suites.ts";
import { TEST_TOOLS } from "./tools.ts";

/** Runs a suite with its output passed on as it comes. */
function runSuite(suite: Suite, reportFile: string): Promise<Tally> {
  const [program, ...args] = suite.command(reportFile);
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: CHECKOUT, stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      process.stdout.write(chunk);
    });
    child.on("error", () => resolve({ passed: 0, failed: 1, skipped: 0 }));
    child.on("close", (code) => resolve(suite.count({ exitCode: code ?? 1, stdout, reportFile })));
  });
}

/**
 * ./manage.sh test: installs what the tests need and runs every suite, also after a failure.
 * @returns the exit code: 0 when nothing failed.
 */
export async function test(flags: ReadonlySet<string>, output: Output): Promise<number> {
  await ensureTools(TEST_TOOLS, output, { yes: flags.has("--yes"), ...askableTerminal() });
  await buildKratos(output);
  await buildHelm(output);
  const reports = mkdtempSync(join(tmpdir(), "passbridge-reports-"));
  const tallies: Tally[] = [];
  try {
    for (const [index, suite] of SUITES.entries()) {
      output.line(`\n== ${suite.name} ==`);
      const tally = await runSuite(suite, join(reports, `${index}.json`));
      tallies.push(tally);
      output.line(`== ${suite.name}: ${totalLine([tally])} ==`);
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  output.line();
  output.line(totalLine(tallies));
  return tallies.some((tally) => tally.failed > 0) ? 1 : 0;
}
