import { readFileSync } from "node:fs";
import { processTree } from "../../scripts/parts/process-tree.ts";

/** USER_HZ, the unit of processor times in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time of a process, and of its children that have ended and were waited for. */
type CpuSeconds = { readonly own: number; readonly ended: number };

/** What a /proc/PID/stat line says: utime + stime and cutime + cstime, the fields 14 to 17 (proc(5)). */
export function cpuSecondsIn(stat: string): CpuSeconds {
  // The program's name, in brackets, may hold spaces and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (at: number) => (Number(fields[at]) + Number(fields[at + 1])) / TICKS_PER_SECOND;
  return { own: seconds(11), ended: seconds(13) };
}

function read(pid: number): CpuSeconds | null {
  try {
    return cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/** Seconds of processor time a process and all below it have used so far; null where there is no /proc. */
export function cpuSecondsOf(pid: number): number | null {
  if (read(pid) === null) return null;
  // What a child had used when it ended counts with whoever waited for it, so that the sum never falls.
  return processTree(pid)
    .map(read)
    .reduce((sum, seconds) => sum + (seconds ? seconds.own + seconds.ended : 0), 0);
}

/** Seconds of this process and of the children that it waited for: the load tools, not the servers that still run. */
export function cpuSecondsOfLoad(): number | null {
  const seconds = read(process.pid);
  return seconds && seconds.own + seconds.ended;
}
