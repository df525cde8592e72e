import cluster, { type Worker } from "node:cluster";
import type { MetricReport } from "../operations/metrics.ts";
import type { ReloadResult } from "../routes/live-rules.ts";
import type { Answer, Question, ToPrimary, ToWorker } from "./messages.ts";

/** Whoever does not answer for so long is done without. */
const ANSWER_TIME = 3_000;

/** A process that takes its share of the connections, as the first process sees it. */
export type WorkerProcess = {
  readonly id: number;
  readonly pid: number;
  /** Whether it takes connections. */
  readonly serves: () => boolean;
  /** Once it takes connections; false when it ended without. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<WorkerEnd>;
  /** Null when it ended meanwhile, or was too slow. */
  readonly reload: () => Promise<ReloadResult | null>;
  readonly report: () => Promise<MetricReport | null>;
  readonly tell: (message: ToWorker) => void;
  /** Has it stop; it is not to be replaced. */
  readonly dismiss: (signal: NodeJS.Signals) => void;
  readonly isDismissed: () => boolean;
};

export type WorkerEnd = {
  readonly code: number | null;
  readonly signal: string | null;
  /** For how long it took connections, in milliseconds. */
  readonly served: number;
};

/** Asks over the channel and matches the answers. */
function createQuestions(tell: (message: ToWorker) => void) {
  const waiting = new Map<number, (answer: Answer | null) => void>();
  let asked = 0;
  return {
    settle: (id: number, answer: Answer) => waiting.get(id)?.(answer),
    settleAll: () => {
      for (const resolve of waiting.values()) resolve(null);
    },
    ask: async (what: Question) => {
      asked += 1;
      const id = asked;
      const { promise, resolve } = Promise.withResolvers<Answer | null>();
      const timer = setTimeout(resolve, ANSWER_TIME, null);
      waiting.set(id, resolve);
      tell({ kind: "ask", id, what });
      const answer = await promise;
      clearTimeout(timer);
      waiting.delete(id);
      return answer;
    },
  };
}

/**
 * node:cluster forgets a connection that is on its way to a worker which dies: nobody would answer it or close it. One at a
 * time is on its way; closed, its client comes again. Closing one that arrived changes nothing.
 */
function closeWhatIsOnItsWay({ process: child }: Worker): void {
  const send = child.send.bind(child) as (...values: unknown[]) => boolean;
  let onItsWay: unknown;
  child.send = (...values: unknown[]) => {
    const [, handle] = values;
    if (typeof handle === "object" && handle !== null) onItsWay = handle;
    return send(...values);
  };
  child.once("exit", (code) => {
    // One that stopped by itself has declined what it did not take.
    if (code !== 0 && onItsWay instanceof Object && "close" in onItsWay && onItsWay.close instanceof Function)
      onItsWay.close();
  });
}

/**
 * Starts one more worker: this very program, which finds out from node:cluster that it is one.
 * @param onGather called when it asks for the metrics of all.
 */
export function startWorker(onGather: (id: number) => void): WorkerProcess {
  const worker = cluster.fork();
  closeWhatIsOnItsWay(worker);
  const ready = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<WorkerEnd>();
  let state: "starts" | "serves" | "ended" = "starts";
  let since: number | null = null;
  let dismissed = false;
  // One that is ending takes no message any more.
  const tell = (message: ToWorker) => void (worker.isConnected() && worker.send(message, () => undefined));
  const { ask, settle, settleAll } = createQuestions(tell);

  worker.on("error", () => undefined);
  worker.on("message", (message: ToPrimary) => {
    if (message.kind === "answer") settle(message.id, message.value);
    else if (message.kind === "gather") onGather(message.id);
    else {
      state = "serves";
      since = performance.now();
      ready.resolve(true);
    }
  });
  worker.once("exit", (code: number | null, signal: string | null) => {
    state = "ended";
    settleAll();
    ready.resolve(false);
    ended.resolve({ code, signal, served: since === null ? 0 : performance.now() - since });
  });
  return {
    id: worker.id,
    pid: worker.process.pid ?? 0,
    serves: () => state === "serves" && !dismissed,
    ready: ready.promise,
    ended: ended.promise,
    reload: async () => {
      const answer = await ask("reload");
      return typeof answer === "string" ? answer : null;
    },
    report: async () => {
      const answer = await ask("report");
      return typeof answer === "string" ? null : answer;
    },
    tell,
    dismiss: (signal) => {
      dismissed = true;
      worker.process.kill(signal);
    },
    isDismissed: () => dismissed,
  };
}
