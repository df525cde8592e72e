import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withFileLock } from "./file-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("withFileLock", () => {
  it("lets one task in at a time", async () => {
    const path = join(folder, "lock");
    let inside = 0;
    const task = async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withFileLock(path, task, { timeout: 10_000 })));
    expect(existsSync(path)).toBe(false);
  });

  it("takes over the lock of a process that has died", async () => {
    const path = join(folder, "lock");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(path, String(dead));
    expect(await withFileLock(path, async () => "in", { timeout: 10_000 })).toBe("in");
  });

  it("gives the lock back when the task fails", async () => {
    const path = join(folder, "lock");
    await expect(withFileLock(path, () => Promise.reject(new Error("no")), { timeout: 100 })).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });

  it("says so when another process keeps it", async () => {
    const path = join(folder, "lock");
    writeFileSync(path, String(process.pid));
    let waited = false;
    const onWait = () => {
      waited = true;
    };
    await expect(withFileLock(path, async () => 1, { timeout: 100, onWait })).rejects.toThrow(/another process/);
    expect(waited).toBe(true);
  });
});
