import { cpuSecondsOf, cpuSecondsOfLoad } from "./cpu-time.ts";

/** Seconds of processor time by who used them: `own` is the side's own process and what it started. */
export type CpuReading = Readonly<Record<string, number>>;

/** Reads what a side's process and all others have used so far; null where that cannot be known. */
export type CpuMeter = (pid: number) => CpuReading | null;

/** Those that cost every side the same or belong to none: they are noted, and count against nobody. */
export const APART: readonly string[] = ["upstream", "load tool"];

/** @param servers the servers that all sides share, by name; one that is a side itself counts as its own then. */
export function createCpuMeter(servers: Readonly<Record<string, number>>): CpuMeter {
  return (pid) => {
    const shared = Object.entries(servers).filter(([, other]) => other !== pid);
    const pids: readonly (readonly [string, number])[] = [["own", pid], ...shared];
    const read = pids.map(([name, each]) => [name, cpuSecondsOf(each)] as const);
    const readings = [...read, ["load tool", cpuSecondsOfLoad()] as const];
    const known = readings.flatMap(([name, seconds]) => (seconds === null ? [] : [[name, seconds] as const]));
    return known.length === readings.length ? Object.fromEntries(known) : null;
  };
}

/** What was used between two readings. */
export function usedBetween(before: CpuReading, after: CpuReading): CpuReading {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** The seconds that count against a side: its own, and what its work cost in the servers it asked. */
export function usedBySide(used: CpuReading): number {
  return Object.entries(used).reduce((sum, [name, seconds]) => (APART.includes(name) ? sum : sum + seconds), 0);
}
