import cluster from "node:cluster";
import { once } from "node:events";
import type { MetricReport, ShareMetrics } from "../operations/metrics.ts";
import type { ReloadResult } from "../routes/live-rules.ts";
import type { ToPrimary, ToWorker } from "./messages.ts";

/** A worker's side of what the processes of a gateway tell each other. */
export type WorkerLink = {
  /** Says that this worker takes connections. */
  readonly ready: () => void;
  /** What is done whenever the first process asks for a reload. */
  readonly onReload: (reload: () => Promise<ReloadResult>) => void;
  /** Has the first process ask for this worker's metrics, and asks it for those of all. */
  readonly shareMetrics: ShareMetrics;
  /** Once it has stopped: resolves when no connection is on its way to it any more. */
  readonly leave: () => Promise<void>;
};

/** The link of this process, which is a worker: node:cluster started it. */
export function createWorkerLink(): WorkerLink {
  const waiting = new Map<number, (reports: readonly MetricReport[]) => void>();
  let asked = 0;
  let reload: () => Promise<ReloadResult> = async () => "none";
  let report: () => Promise<MetricReport> = async () => [];
  // The channel closes with the first process, and this one ends with it.
  const send = (message: ToPrimary) => void process.send?.(message, undefined, undefined, () => undefined);

  process.on("message", (message: ToWorker) => {
    if (message.kind === "gathered") {
      waiting.get(message.id)?.(message.reports);
      waiting.delete(message.id);
    } else if (message.kind === "ask") {
      const { id, what } = message;
      void (what === "reload" ? reload() : report()).then((value) => send({ kind: "answer", id, value }));
    }
  });
  return {
    ready: () => send({ kind: "ready" }),
    onReload: (action) => {
      reload = action;
    },
    leave: async () => {
      const { worker } = cluster;
      if (!worker?.isConnected()) return;
      // What the first process handed over before it knew comes first, is declined and goes to another worker.
      worker.disconnect();
      await once(worker, "disconnect");
    },
    shareMetrics: (own) => {
      report = own;
      return () => {
        asked += 1;
        const { promise, resolve } = Promise.withResolvers<readonly MetricReport[]>();
        waiting.set(asked, resolve);
        send({ kind: "gather", id: asked });
        return promise;
      };
    },
  };
}
