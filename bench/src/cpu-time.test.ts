import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { cpuSecondsIn, cpuSecondsOf, cpuSecondsOfLoad } from "./cpu-time.ts";

it("adds a process' user and system time, whatever its name, and that of the children it waited for", () => {
  const stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 8 20 0 1 0 100 0 0";
  expect(cpuSecondsIn(stat)).toEqual({ own: 3, ended: 0.15 });
});

const BURN = "const until = performance.now() + 200; while (performance.now() < until);";

it("counts what runs below a process", { timeout: 30_000 }, async () => {
  const program = `process.stdin.on("end", () => process.exit()).resume(); setInterval(() => { ${BURN} }, 1)`;
  const shell = spawn("sh", ["-c", `node -e '${program}'; true`], { stdio: ["pipe", "ignore", "inherit"] });
  try {
    await expect.poll(() => cpuSecondsOf(shell.pid ?? 0) ?? 0, { timeout: 20_000 }).toBeGreaterThan(0.3);
  } finally {
    shell.stdin.end();
    await once(shell, "exit");
  }
});

it("counts a load tool that has ended", () => {
  const before = cpuSecondsOfLoad() ?? 0;
  execFileSync(process.execPath, ["-e", BURN]);
  expect((cpuSecondsOfLoad() ?? 0) - before).toBeGreaterThan(0);
});

it("knows nothing of a process that is not there", () => {
  expect(cpuSecondsOf(2 ** 30)).toBeNull();
});
