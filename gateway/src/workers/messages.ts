import type { MetricReport } from "../operations/metrics.ts";
import type { ReloadResult } from "../routes/live-rules.ts";

/** What the first process asks of a worker: to read the route rules anew, or for its metrics. */
export type Question = "reload" | "report";

export type Answer = ReloadResult | MetricReport;

export type ToWorker =
  | { readonly kind: "ask"; readonly id: number; readonly what: Question }
  | { readonly kind: "gathered"; readonly id: number; readonly reports: readonly MetricReport[] };

export type ToPrimary =
  /** The worker takes connections. */
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answer }
  /** Asks for the metrics of all workers. */
  | { readonly kind: "gather"; readonly id: number };
