import { readFileSync } from "node:fs";

/** USER_HZ, the unit of processor times in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The seconds of processor time in a /proc/PID/stat line: utime + stime, the fields 14 and 15 (proc(5)). */
export function cpuSecondsIn(stat: string): number {
  // The program's name, in brackets, may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Seconds of processor time a process has used so far, all its threads together; null where there is no /proc. */
export function cpuSecondsOf(pid: number): number | null {
  try {
    return cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}
