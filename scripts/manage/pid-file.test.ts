import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, stopTree } from "../parts/process-tree.ts";
import { loadContext } from "./context.ts";
import { stopNativeService } from "./native-stop.ts";
import { findRecordedProcess, forgetProcess, recordProcess } from "./pid-file.ts";

let folder: string;
let child: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-pids-"));
  child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "ignore" });
});
afterEach(async () => {
  if (child.pid) await stopTree(child.pid, "SIGKILL");
  rmSync(folder, { recursive: true });
});

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("the sample process did not start");
  return pid;
}

/** Notes the child as if it were a service's process that had started at another time: its id was recycled. */
function recordRecycled(pidDir: string): void {
  recordProcess(pidDir, "redis", pidOf(child));
  const file = join(pidDir, "redis.json");
  const record = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...record, startedAt: "1" }));
}

describe("the pid file", () => {
  it("finds the process it notes, until that ends", async () => {
    recordProcess(folder, "redis", pidOf(child));
    expect(findRecordedProcess(folder, "redis")?.pid).toBe(child.pid);
    await stopTree(pidOf(child), "SIGKILL");
    expect(findRecordedProcess(folder, "redis")).toBeNull();
  });

  it("does not take a later process with the same id for the service", () => {
    recordRecycled(folder);
    expect(findRecordedProcess(folder, "redis")).toBeNull();
  });

  it("finds nothing in a file that is missing, broken or forgotten", () => {
    expect(findRecordedProcess(folder, "redis")).toBeNull();
    writeFileSync(join(folder, "redis.json"), "{");
    expect(findRecordedProcess(folder, "redis")).toBeNull();
    recordProcess(folder, "redis", pidOf(child));
    forgetProcess(folder, "redis");
    expect(findRecordedProcess(folder, "redis")).toBeNull();
  });
});

describe("stopNativeService", () => {
  it("ends the recorded process and nothing else", async () => {
    const context = await loadContext(
      { PASSBRIDGE_DATA_DIR: folder, PASSBRIDGE_ENV_FILE: join(folder, ".env") },
      false,
    );
    recordRecycled(context.pidDir);
    expect(await stopNativeService("redis", context)).toBe(false);
    expect(isAlive(pidOf(child))).toBe(true);
    recordProcess(context.pidDir, "redis", pidOf(child));
    expect(await stopNativeService("redis", context)).toBe(true);
    expect(isAlive(pidOf(child))).toBe(false);
  });
});
