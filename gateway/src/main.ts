import cluster from "node:cluster";
import type { Logger } from "pino";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { describeOutage, OutageError } from "./errors.ts";
import { createLogger } from "./operations/logger.ts";

/** Ends this process once `stop` has done its work; a second Ctrl-C ends it at once. */
function stopAtSignals(signals: readonly NodeJS.Signals[], stop: () => Promise<void>, log: Logger): void {
  const onSignal = (signal: string) => {
    log.info({ signal }, "stopping");
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the stop failed");
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.once(signal, onSignal);
}

/** The gateway in one process. */
async function runAlone(config: Config, log: Logger): Promise<void> {
  const { serve } = await import("./serve.ts");
  // From the first moment on: the signal would end a process that does not listen to it.
  const onReloadable = (reload: () => Promise<unknown>) => void process.on("SIGHUP", () => void reload());
  const { stop } = await serve({ config, log, onReloadable });
  stopAtSignals(["SIGTERM", "SIGINT"], stop, log);
}

/** One of several: the first process tells it what to do, whatever signals the terminal sends to all. */
async function runWorker(config: Config, log: Logger): Promise<void> {
  for (const signal of ["SIGHUP", "SIGINT", "SIGUSR2"]) process.on(signal, () => undefined);
  const [{ serve }, { createWorkerLink }] = await Promise.all([
    import("./serve.ts"),
    import("./workers/worker-link.ts"),
  ]);
  const { ready, onReload, shareMetrics, leave } = createWorkerLink();
  const { stop } = await serve({ config, log, shareMetrics, onReloadable: onReload });
  // Somebody may stop all processes at once, and the first one says so as well.
  process.on("SIGTERM", () => undefined);
  stopAtSignals(["SIGTERM"], () => stop().then(leave), log);
  ready();
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger(config);
  if (cluster.isWorker) return runWorker(config, log);
  if (config.workers === 1) return runAlone(config, log);
  const { runWorkers } = await import("./workers/run-workers.ts");
  process.exit(await runWorkers(config, log));
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return "The gateway could not start: its port is in use (EADDRINUSE). Set PORT to a free one.";
  if (error instanceof OutageError) return `The gateway could not start: ${describeOutage(error)}`;
  return `The gateway could not start: ${error instanceof Error ? error.message : String(error)}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
