import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { CHECKS, type Check } from "./checks.ts";

const root = join(import.meta.dirname, "../..");
const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
const env = { ...process.env, PATH: path, NO_COLOR: "1" };

/** Runs one check; its output, and whether it passed. A tool that is missing is a failure, never a pass. */
function run({ command: [program, ...args] }: Check): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk));
    child.once("error", (error) => resolve({ passed: false, output: `${program}: ${error.message}` }));
    child.once("close", (code) => resolve({ passed: code === 0, output }));
  });
}

const wanted = process.argv.slice(2);
const chosen = wanted.length > 0 ? CHECKS.filter(({ name }) => wanted.some((word) => name.includes(word))) : CHECKS;
let failed = 0;
for (const check of chosen) {
  const { passed, output } = await run(check);
  console.log(`${passed ? "ok  " : "FAIL"} ${check.name}`);
  if (passed) continue;
  failed += 1;
  console.log(output.trimEnd());
}
console.log(`${chosen.length - failed} checks passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
