import { readFileSync } from "node:fs";
import { processTree } from "../../scripts/parts/process-tree.ts";

const INTERVAL = 50;

/** Bytes of resident memory in /proc/PID/status (proc(5)); 0 of a process that has none. */
export function residentBytesIn(status: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** Bytes of resident memory of a process and all below it; null where there is no /proc. */
export function residentBytesOf(pid: number): number | null {
  try {
    return processTree(pid).reduce(
      (sum, each) => sum + residentBytesIn(readFileSync(`/proc/${each}/status`, "utf8")),
      0,
    );
  } catch {
    return null;
  }
}

/**
 * Looks at a process' memory while something runs.
 * @returns what ran, and the most memory that was seen, in bytes; null where there is no /proc.
 */
export async function watchMemory<T>(pid: number, run: () => Promise<T>): Promise<{ result: T; most: number | null }> {
  let most = residentBytesOf(pid);
  const look = () => {
    const now = residentBytesOf(pid);
    if (now !== null && most !== null) most = Math.max(most, now);
  };
  const timer = setInterval(look, INTERVAL);
  try {
    const result = await run();
    look();
    return { result, most };
  } finally {
    clearInterval(timer);
  }
}
