import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const MAX_LINES = 220;
const GENERATED = /\/generated\//;

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts", "*.tsx", "*.sh"], {
  encoding: "utf8",
});
const long = tracked
  .split("\n")
  .filter((path) => path && !GENERATED.test(path))
  .map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n").length }))
  .filter(({ lines }) => lines > MAX_LINES);

for (const { path, lines } of long)
  console.error(`${path}: ${lines} lines; more than ${MAX_LINES} are too many for one job`);
process.exitCode = long.length > 0 ? 1 : 0;
