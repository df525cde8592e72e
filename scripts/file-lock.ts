import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isAlive } from "./parts/process-tree.ts";
import { waitUntil } from "./wait-until.ts";

async function tryLock(path: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

async function dropStaleLock(path: string): Promise<void> {
  const owner = Number(await readFile(path, "utf8").catch(() => ""));
  if (owner > 0 && !isAlive(owner)) {
    const aside = `${path}.stale-${process.pid}`;
    await rename(path, aside).catch(() => undefined);
    await rm(aside, { force: true });
  }
}

/**
 * Runs a task that only one process at a time may run. A lock left by a process that has died is taken over.
 * @param onWait called once when another process holds the lock.
 * @throws WaitError when the lock is not had within the timeout; whatever the task throws.
 */
export async function withFileLock<Value>(
  path: string,
  task: () => Promise<Value>,
  options: { readonly timeout: number; readonly onWait?: () => void },
): Promise<Value> {
  await mkdir(dirname(path), { recursive: true });
  if (!(await tryLock(path))) {
    options.onWait?.();
    await waitUntil(
      async () => {
        await dropStaleLock(path);
        if (!(await tryLock(path))) throw new Error("another process holds it");
      },
      { timeout: options.timeout, what: `the lock ${path}` },
    );
  }
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}
