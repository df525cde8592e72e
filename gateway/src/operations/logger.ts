import cluster from "node:cluster";
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import type { Config } from "../config.ts";
import { createLineBatches } from "./line-batches.ts";
import { createLogClock } from "./log-clock.ts";

/**
 * Never in the log, should a line carry them by mistake. Named by their places and not by wildcards, which would cost
 * each request more than its session check.
 */
const SECRETS = ["cookie", '["set-cookie"]', "authorization", "password", "challenge", "recovery_code"];
const PLACES = ["", "headers", "request.headers", "response.headers", "body", "request.body"];
const paths = PLACES.flatMap((place) =>
  SECRETS.map((name) => (place === "" || name.startsWith("[") ? place + name : `${place}.${name}`)),
);

/** A library's error without its request and configuration, which hold cookies and addresses. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const code = "code" in error ? error.code : undefined;
  return { name, message, code, stack, ...(error.cause !== undefined && { cause: plainError(error.cause) }) };
}

/** What waits for a reader that is slow; beyond it lines are dropped, as people at the door are not to wait for a log. */
const MAX_WAITING = 16 * 1024 * 1024;

/** A call of the operating system for each line costs more than the line. */
const BATCH = { length: 12 * 1024, wait: 100 };

/** What several processes write to one pipe is not mixed up to this length (PIPE_BUF); a write holds whole lines. */
const SHARED = { ...BATCH, length: 2 * 1024, maxWrite: 4 * 1024 };

/**
 * Does not wait for the disk or the pipe. As the process ends the rest is written; one that is killed loses the lines of
 * its last moment.
 */
function standardOutput(): DestinationStream {
  const { length, wait, ...limits } = cluster.isWorker ? SHARED : BATCH;
  // Before the stream's own handlers, which have it write what it holds.
  for (const event of ["beforeExit", "exit"]) process.on(event, () => batches.handOn());
  const sink = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING, minLength: length, ...limits });
  const batches = createLineBatches(sink, { length, wait });
  return batches;
}

/** Which of several processes writes a line; null where there is one alone. */
const writer = () => (cluster.worker ? { worker: cluster.worker.id, pid: process.pid } : null);

/**
 * The structured log, one JSON object a line.
 * @param sink where to; standard output unless given.
 */
export function createLogger(config: Pick<Config, "logLevel">, sink: DestinationStream = standardOutput()): Logger {
  const time = createLogClock();
  const options: LoggerOptions = {
    level: config.logLevel,
    base: writer(),
    timestamp: () => `,"time":"${time()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: plainError },
    redact: { paths, censor: "[redacted]" },
  };
  return pino(options, sink);
}
