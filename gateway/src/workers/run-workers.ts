import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createSupervisor } from "./supervisor.ts";

/** What a worker's stop may take beyond the times of the settings. */
const RESERVE = 5_000;

/**
 * The first of several processes: starts the workers, keeps them running, and passes on to them what operators say by
 * signals: SIGHUP reads the route rules anew, SIGUSR2 replaces every worker by a new one, SIGTERM and SIGINT stop all.
 * @returns the exit code, when no worker runs any more.
 */
export async function runWorkers({ workers, shutdown }: Config, log: Logger): Promise<number> {
  const stopTime = shutdown.delay + shutdown.timeout + RESERVE;
  const supervisor = createSupervisor({ count: workers, log, stopTime });
  const told = Promise.withResolvers<string>();
  process.on("SIGTERM", told.resolve).on("SIGINT", told.resolve);
  const started = supervisor.start();
  process.on("SIGHUP", () => void started.then(supervisor.reload));
  process.on("SIGUSR2", () => void started.then(supervisor.replaceAll));

  // A worker that could not start has said why.
  const notStarted = started.then((ok) => (ok ? told.promise : null));
  const signal = await Promise.race([told.promise, notStarted, supervisor.failed.then(() => null)]);
  if (signal !== null) log.info({ signal }, "stopping");
  const well = await supervisor.stop();
  return signal !== null && well ? 0 : 1;
}
