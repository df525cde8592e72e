import { readFileSync } from "node:fs";

const MEGABYTE = 1024 * 1024;

/** Resident memory of a process in bytes, by a /proc/PID/status text (proc(5)). */
export function residentIn(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error("The process has no memory: it is gone");
  return Number(kilobytes) * 1024;
}

/** Megabytes of resident memory a process has at this moment. Throws where there is no /proc, or no such process. */
export const residentMegabytes = (pid: number) => residentIn(readFileSync(`/proc/${pid}/status`, "utf8")) / MEGABYTE;

/** Looks at a process' memory all the while some work is under way. */
export async function watchMemory<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly max: number; readonly last: number }> {
  let max = residentMegabytes(pid);
  const timer = setInterval(() => {
    max = Math.max(max, residentMegabytes(pid));
  }, 100);
  try {
    const result = await work();
    const last = residentMegabytes(pid);
    return { result, max: Math.max(max, last), last };
  } finally {
    clearInterval(timer);
  }
}
