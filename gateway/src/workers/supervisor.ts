import type { Logger } from "pino";
import { createWorkerPool, type WorkerPool } from "./worker-pool.ts";
import type { WorkerEnd, WorkerProcess } from "./worker-process.ts";

export type SupervisorOptions = {
  readonly count: number;
  readonly log: Pick<Logger, "info" | "error" | "fatal">;
  /** Milliseconds until a worker that does not stop is killed. */
  readonly stopTime: number;
};

/** What the first process does for its workers; it takes no connection itself. */
export type Supervisor = {
  /** Starts all, one of them first: what is wrong with the settings is said once. False: that one did not start. */
  readonly start: () => Promise<boolean>;
  /** Has all read the route rules anew, unless the first of them refuses those. */
  readonly reload: () => Promise<void>;
  /** Replaces every worker, one after the other; who is connected is served to the end. */
  readonly replaceAll: () => Promise<void>;
  /** Stops all; whether all ended well. */
  readonly stop: () => Promise<boolean>;
  readonly failed: WorkerPool["failed"];
};

async function reloadAll(workers: readonly WorkerProcess[]): Promise<void> {
  for (const worker of workers) {
    // The others would find the same faults, and say so again.
    if ((await worker.reload()) === "refused") return;
  }
}

/** Keeps a number of workers running. */
export function createSupervisor({ count, log, stopTime }: SupervisorOptions): Supervisor {
  const pool = createWorkerPool(log);
  let last: Promise<void> = Promise.resolve();
  let stopping = false;
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work);
    return last;
  };

  const dismiss = async (worker: WorkerProcess): Promise<WorkerEnd> => {
    worker.dismiss("SIGTERM");
    const timer = setTimeout(() => worker.dismiss("SIGKILL"), stopTime);
    const end = await worker.ended;
    clearTimeout(timer);
    return end;
  };
  const replaceAll = async () => {
    for (const worker of pool.all()) {
      if (stopping) return;
      if (!(await pool.add(true).ready)) return log.error("a new worker did not start; the old ones stay");
      await dismiss(worker);
    }
    log.info("every worker was replaced");
  };
  return {
    start: async () => {
      if (!(await pool.add(true).ready)) return false;
      await Promise.all(Array.from({ length: count - 1 }, () => pool.add().ready));
      return true;
    },
    reload: () => inTurn(() => reloadAll(pool.all())),
    replaceAll: () => inTurn(replaceAll),
    stop: async () => {
      stopping = true;
      pool.close();
      const ends = await Promise.all(pool.all().map(dismiss));
      // One that was still starting ends by the signal itself.
      return ends.every(({ code, signal }) => code === 0 || signal === "SIGTERM");
    },
    failed: pool.failed,
  };
}
