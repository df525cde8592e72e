import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from "prom-client";
import type { ReloadResult } from "../routes/live-rules.ts";

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The metrics of one process, as it tells them another. */
export type MetricReport = readonly MetricObjectWithValues<MetricValue<string>>[];

/**
 * Where several processes are one gateway: takes how to get this process' metrics, and gives how to get those of all.
 */
export type ShareMetrics = (own: () => Promise<MetricReport>) => () => Promise<readonly MetricReport[]>;

/** An answered request, as the metrics see it; a path would make as many series as there are addresses. */
export type ObservedRequest = {
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly part: "api" | "pages" | "kratos" | "upstream";
};

export type Metrics = {
  readonly observe: (request: ObservedRequest) => void;
  readonly countOutage: (dependency: string) => void;
  /** Of the route rules; without a file nothing is counted. */
  readonly countReload: (result: ReloadResult) => void;
  readonly contentType: string;
  /** The text form Prometheus reads. */
  readonly text: () => Promise<string>;
};

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Asked when the metrics are; without an answer there is no value, and the other metrics are shown all the same. */
function watchOutbox(registry: Registry, mailsWaiting: () => Promise<number>): void {
  const gauge: Gauge = new Gauge({
    name: "passbridge_mail_outbox_size",
    help: "Mails that wait to be sent, in the outbox all replicas share",
    aggregator: "first",
    registers: [registry],
    collect: async () => {
      gauge.set(await mailsWaiting().catch(() => Number.NaN));
    },
  });
}

/** An alert needs the last one alone: a refused file waits for somebody to mend it. */
function watchReloads(registry: Registry): Metrics["countReload"] {
  const reloads = new Counter({
    name: "passbridge_route_reloads_total",
    help: "Reloads of the route rules since the start, by result",
    labelNames: ["result"],
    registers: [registry],
  });
  const last = new Gauge({
    name: "passbridge_route_reload_last_success",
    help: "1 when the last reload of the route rules put them in force, 0 when it was refused and the old ones stayed",
    aggregator: "min",
    registers: [registry],
  });
  last.set(1);
  return (result) => {
    if (result === "none") return;
    reloads.inc({ result });
    last.set(result === "loaded" ? 1 : 0);
  };
}

function createText(registry: Registry, share: ShareMetrics | undefined): Metrics["text"] {
  if (!share) return () => registry.metrics();
  const gather = share(() => registry.getMetricsAsJSON());
  return async () => AggregatorRegistry.aggregate([...(await gather())]).metrics();
}

/**
 * The process's metrics, in a registry of their own: several gateways may live in one process.
 * @param mailsWaiting how many mails wait to be sent.
 * @param share where this process is one of several.
 */
export function createMetrics(mailsWaiting: () => Promise<number>, share?: ShareMetrics): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "passbridge_http_request_duration_seconds",
    help: "Time until an answer was sent, by part of the gateway",
    labelNames: ["part", "method", "status"],
    buckets: BUCKETS,
    registers: [registry],
  });
  const outages = new Counter({
    name: "passbridge_outages_total",
    help: "Answers that could not be decided because a part could not be asked",
    labelNames: ["dependency"],
    registers: [registry],
  });
  watchOutbox(registry, mailsWaiting);
  return {
    observe: ({ part, method, status, seconds }) => {
      requests.observe({ part, method: METHODS.has(method) ? method : "other", status }, seconds);
    },
    countOutage: (dependency) => outages.inc({ dependency }),
    countReload: watchReloads(registry),
    contentType: registry.contentType,
    text: createText(registry, share),
  };
}
