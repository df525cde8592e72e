import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure, messageOf } from "../failure.ts";
import type { UnixUser } from "../run-command.ts";
import { waitUntil } from "../wait-until.ts";
import { processTree, signalAll, stopTree } from "./process-tree.ts";

/** How a part is started and when it counts as ready; the same for tests and for ./manage.sh start. */
export type PartPlan = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: UnixUser | null;
  /** What asks it to end soon but cleanly; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long that may take before SIGKILL; 10 s unless given. */
  readonly stopTimeout?: number;
  readonly readyTimeout: number;
  /** Before each start: folders, files, migrations. */
  readonly prepare?: (log: number) => Promise<void>;
  /** Resolves when the part answers; rejects with what is missing. */
  readonly check: () => Promise<void>;
  /** After the first readiness of each start: databases to be made. */
  readonly settle?: () => Promise<void>;
};

/** A part that this process started. Stopped and started again it keeps its port and data. */
export type Part = {
  readonly name: string;
  readonly logFile: string;
  pid(): number | null;
  start(): Promise<void>;
  /** Ends it cleanly and waits until it is gone. */
  stop(): Promise<void>;
  /** SIGKILL: what a crash looks like. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
};

const LOG_TAIL_LINES = 8;
const REAP_TIMEOUT = 5_000;

/** The last lines of a log file, for a failure's message; empty when there is none. */
export function logTail(file: string): string {
  if (!existsSync(file)) return "";
  return readFileSync(file, "utf8").trim().split("\n").slice(-LOG_TAIL_LINES).join("\n");
}

/** Starts the plan's process in a group of its own, with its output appended to the log; it outlives this process. */
export function spawnPlan(plan: PartPlan, log: number): ChildProcess {
  return spawn(plan.command, [...plan.args], {
    stdio: ["ignore", log, log],
    detached: true,
    env: plan.env,
    ...(plan.cwd && { cwd: plan.cwd }),
    ...plan.user,
  });
}

/**
 * Prepares the part, starts its process and waits until it is ready.
 * @param onSpawn told the process id as soon as there is one, long before the part is ready.
 * @returns the process; it is running and answers.
 * @throws Failure with the end of the log when it cannot be had; nothing is left running then.
 */
export async function launch(
  plan: PartPlan,
  logFile: string,
  onSpawn: (pid: number) => void = () => undefined,
): Promise<ChildProcess> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  let child: ChildProcess | null = null;
  let ended: string | null = null;
  try {
    await plan.prepare?.(log);
    child = spawnPlan(plan, log);
    if (child.pid !== undefined) onSpawn(child.pid);
    child.on("error", (error) => {
      ended = `${plan.command} cannot be run: ${messageOf(error)}`;
    });
    child.on("exit", (code, signal) => {
      ended = `it ended with ${signal ?? `exit code ${code}`}`;
    });
    await waitUntil(plan.check, { timeout: plan.readyTimeout, what: "it to answer", abortReason: () => ended });
    await plan.settle?.();
    return child;
  } catch (error) {
    if (child?.pid) await stopTree(child.pid, plan.stopSignal, plan.stopTimeout);
    if (error instanceof Failure) throw error;
    const tail = logTail(logFile);
    throw new Failure(
      `${plan.name} did not start: ${messageOf(error)}${tail ? `\nThe end of its log:\n${tail}` : ""}`,
      `Read ${logFile}, then start again.`,
      { cause: error },
    );
  } finally {
    closeSync(log);
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** Until then its id is taken, and PostgreSQL takes whoever has the id in its lock file for a server on its data. */
function waitUntilReaped(child: ChildProcess): Promise<void> {
  const reaped = async () => {
    if (isRunning(child)) throw new Error("its process id is still taken");
  };
  return waitUntil(reaped, { timeout: REAP_TIMEOUT, what: "the end of a process" });
}

/** A part under this process' care: it is killed when this process exits. */
export function createPart(plan: PartPlan, logFile: string): Part {
  let child: ChildProcess | null = null;
  const runningPid = () => (child && isRunning(child) ? (child.pid ?? null) : null);
  const tree = () => {
    const pid = runningPid();
    return pid === null ? [] : processTree(pid);
  };
  const killOnExit = () => signalAll(tree(), "SIGKILL");
  const end = async (signal: NodeJS.Signals | undefined) => {
    const pid = runningPid();
    if (pid !== null) await stopTree(pid, signal, plan.stopTimeout);
    if (child) await waitUntilReaped(child);
    process.off("exit", killOnExit);
    child = null;
  };
  return {
    name: plan.name,
    logFile,
    pid: runningPid,
    start: async () => {
      if (runningPid() !== null) return;
      process.off("exit", killOnExit).on("exit", killOnExit);
      child = await launch(plan, logFile);
    },
    stop: () => end(plan.stopSignal),
    kill: async () => {
      signalAll(tree(), "SIGKILL");
      await end("SIGKILL");
    },
    pause: () => signalAll(tree(), "SIGSTOP"),
    resume: () => signalAll(tree(), "SIGCONT"),
  };
}
