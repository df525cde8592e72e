import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { createRestartPauses } from "./restart-pauses.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";

/** The workers that run; one that ends without having been dismissed is replaced. */
export type WorkerPool = {
  /** @param onTrial it is not replaced when it ends before it serves. */
  readonly add: (onTrial?: boolean) => WorkerProcess;
  /** Those that have not ended yet. */
  readonly all: () => readonly WorkerProcess[];
  /** From now on nobody is replaced. */
  readonly close: () => void;
  /** Resolves when workers end as soon as they start and none serves. */
  readonly failed: Promise<void>;
};

/** A worker asks for the metrics of all, its own among them: whoever asks meets one worker alone. */
async function gather(all: readonly WorkerProcess[], asking: WorkerProcess, id: number): Promise<void> {
  const reports = await Promise.all(all.map((worker) => worker.report()));
  asking.tell({ kind: "gathered", id, reports: reports.filter((report) => report !== null) });
}

export function createWorkerPool(log: Pick<Logger, "error" | "fatal">): WorkerPool {
  const workers = new Set<WorkerProcess>();
  const failed = Promise.withResolvers<void>();
  const pauses = createRestartPauses();
  let closed = false;
  const all = () => [...workers];
  const serving = () => all().filter((worker) => worker.serves());

  const add = (onTrial = false): WorkerProcess => {
    const worker: WorkerProcess = startWorker((id) => void gather(serving(), worker, id));
    workers.add(worker);
    void replaceAtEnd(worker, onTrial);
    return worker;
  };
  const replaceAtEnd = async (worker: WorkerProcess, onTrial: boolean) => {
    const { served, ...end } = await worker.ended;
    workers.delete(worker);
    const failedTrial = onTrial && !(await worker.ready);
    if (closed || failedTrial || worker.isDismissed()) return;
    const pause = pauses.after({ served, othersServe: serving().length > 0 });
    const line = { worker: worker.id, pid: worker.pid, ...end };
    if (pause === null) {
      log.fatal(line, "the workers end as soon as they start; no more are started");
      return failed.resolve();
    }
    log.error({ ...line, pause }, "a worker has ended and is replaced");
    await delay(pause);
    if (!closed) add();
  };
  return {
    add,
    all,
    close: () => {
      closed = true;
    },
    failed: failed.promise,
  };
}
