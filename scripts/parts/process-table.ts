import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One process as the system knows it; `state` is Z when it has ended and X while it still ends; `startedAt` is comparable only with itself. */
export type ProcessEntry = {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly startedAt: string;
};

const LINUX = process.platform === "linux";

/** proc(5): the fields after the command's closing bracket are state (3), ppid (4) … starttime (22). */
function readProcEntry(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // The first thread may be a zombie while others still end and hold the ports: only the last one's end is the end.
    const state = fields[0] === "Z" && readdirSync(`/proc/${pid}/task`).length > 1 ? "X" : (fields[0] ?? "");
    return { pid, state, parent: Number(fields[1]), startedAt: fields[19] ?? "" };
  } catch {
    return null;
  }
}

function parsePsLine(line: string): ProcessEntry | null {
  const [pid, parent, state, ...started] = line.trim().split(/\s+/);
  if (!pid || !parent || !state) return null;
  return { pid: Number(pid), parent: Number(parent), state: state.charAt(0), startedAt: started.join(" ") };
}

function readPs(args: readonly string[]): ProcessEntry[] {
  try {
    const output = execFileSync("ps", [...args, "-o", "pid=,ppid=,state=,lstart="], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.split("\n").flatMap((line) => parsePsLine(line) ?? []);
  } catch {
    return [];
  }
}

/** The process with this id, or null when there is none. */
export function findProcess(pid: number): ProcessEntry | null {
  return LINUX ? readProcEntry(pid) : (readPs(["-p", String(pid)])[0] ?? null);
}

/** Every process that can be seen. */
export function listProcesses(): ProcessEntry[] {
  if (!LINUX) return readPs(["-ax"]);
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => readProcEntry(pid) ?? []);
}
