import { waitUntil } from "../wait-until.ts";
import { findProcess, listProcesses } from "./process-table.ts";

const KILL_TIMEOUT = 5_000;

/** Whether a process with this id runs; one that has ended but was not yet reaped does not. */
export function isAlive(pid: number): boolean {
  const entry = findProcess(pid);
  return entry !== null && entry.state !== "Z";
}

/** Tells a process from a later one with the same id; null when there is none. */
export function startTimeOf(pid: number): string | null {
  return findProcess(pid)?.startedAt ?? null;
}

/** The process and everything below it, parents first: PostgreSQL puts its children in sessions of their own. */
export function processTree(root: number): number[] {
  const processes = listProcesses();
  const tree = [root];
  for (const parent of tree) {
    tree.push(...processes.filter((entry) => entry.parent === parent).map((entry) => entry.pid));
  }
  return tree;
}

/**
 * Sends a signal to each of these processes; one that is gone already is fine.
 * @throws RangeError for an id of 1 or below, which kill(2) takes for the system or for whole groups.
 */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`not a process id to be signalled: ${pid}`);
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function waitUntilGone(pids: readonly number[], timeout: number): Promise<void> {
  await waitUntil(
    async () => {
      const left = pids.filter(isAlive);
      if (left.length > 0) throw new Error(`still running: ${left.join(", ")}`);
    },
    { timeout, what: "the processes to end" },
  );
}

/** Sends the signal, then SIGKILL to what is left after the timeout. */
async function end(pids: readonly number[], signal: NodeJS.Signals, timeout: number): Promise<void> {
  signalAll(pids, signal);
  try {
    await waitUntilGone(pids, timeout);
  } catch {
    signalAll(pids, "SIGKILL");
    await waitUntilGone(pids, KILL_TIMEOUT);
  }
}

/**
 * Ends a process and all below it: first the process itself, which may end its children in good order, then what it left.
 * Paused ones are resumed, or they could not act on the signal.
 * @throws WaitError when even SIGKILL leaves something running.
 */
export async function stopTree(pid: number, signal: NodeJS.Signals = "SIGTERM", timeout = 10_000): Promise<void> {
  if (!isAlive(pid)) return;
  const tree = processTree(pid);
  signalAll(tree, "SIGCONT");
  await end([pid], signal, timeout);
  await end(tree.filter(isAlive), "SIGTERM", timeout);
}
