import { existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { withFileLock } from "../file-lock.ts";
import { launch } from "../parts/part.ts";
import { SERVICES, type ServiceName } from "../services.ts";
import { waitUntil } from "../wait-until.ts";
import { ensureBuilt } from "./build.ts";
import { buildKratos } from "./build-kratos.ts";
import type { Context } from "./context.ts";
import { requireDiskSpace } from "./disk.ts";
import { interruptible } from "./interrupt.ts";
import { migrateGateway } from "./migrate-gateway.ts";
import { nativePlan } from "./native-plans.ts";
import { nativeStates, type ServiceState } from "./native-state.ts";
import { stopNative } from "./native-stop.ts";
import type { Output } from "./output.ts";
import { recordProcess } from "./pid-file.ts";
import { portsOf, requireFreePorts } from "./ports.ts";
import { requireValidSettings } from "./setting-findings.ts";
import { complaints } from "./status.ts";

const LARGE_LOG_BYTES = 20_000_000;
const LOCK_TIMEOUT = 15 * 60_000;
const RECOVERY_TIMEOUT = 30_000;

export type StartOptions = { readonly watch?: boolean; readonly only?: readonly ServiceName[] };

/** One older log is kept, so that logs cannot fill the disk over the years. */
function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LARGE_LOG_BYTES) renameSync(file, `${file}.1`);
}

async function startService(name: ServiceName, context: Context, output: Output, watch: boolean): Promise<void> {
  const logFile = join(context.logDir, `${name}.log`);
  rotateLog(logFile);
  await output.step(`Starting ${name}`, async () => {
    if (name === "gateway") await migrateGateway(context, watch);
    const child = await launch(await nativePlan(name, context, watch), logFile, (pid) =>
      recordProcess(context.pidDir, name, pid),
    );
    child.unref();
  });
}

function requireHealthy(states: readonly ServiceState[]): void {
  const ill = states.find((state) => state.state === "unhealthy");
  if (!ill) return;
  throw new Failure(
    `${ill.name} runs (process ${ill.pid}) but is not well: ${ill.detail}.`,
    `Read ./manage.sh logs ${ill.name}, then ./manage.sh restart ${ill.name}`,
  );
}

/** A service that ran on without one it needs takes a moment to notice that it is back. */
function waitUntilWell(context: Context): Promise<void> {
  const condition = async () => {
    const [problem] = complaints(await nativeStates(context));
    if (problem) throw new Error(problem);
  };
  return waitUntil(condition, { timeout: RECOVERY_TIMEOUT, what: "every service to be well" });
}

async function startMissing(missing: readonly ServiceName[], context: Context, output: Output, watch: boolean) {
  const services = SERVICES.filter((service) => missing.includes(service.name));
  if (missing.includes("gateway")) await requireValidSettings(context);
  await requireFreePorts(services.flatMap((service) => portsOf(service, context.settings)));
  if (missing.includes("kratos")) await buildKratos(output);
  if (missing.includes("gateway") || missing.includes("frontend")) await ensureBuilt(output);
  await interruptible(
    async (signal) => {
      for (const name of missing) {
        signal.throwIfAborted();
        await startService(name, context, output, watch);
      }
    },
    async () => {
      output.line("Stopping what this start had begun");
      await stopNative(context, output, missing);
    },
  );
}

/**
 * Starts what does not run yet, in order, each when the one before is well.
 * @returns the services started; none when all ran already.
 * @throws Failure; everything this call started is stopped again then.
 */
export function startNative(context: Context, output: Output, options: StartOptions = {}): Promise<ServiceName[]> {
  requireDiskSpace(context.dataDir);
  const task = async () => {
    const states = await nativeStates(context);
    const wanted = states.filter((state) => options.only?.includes(state.name) ?? true);
    const missing = wanted.filter((state) => state.state === "stopped").map((state) => state.name);
    requireHealthy(states.filter((state) => !waitsFor(state, states)));
    if (missing.length === 0) return missing;
    await startMissing(missing, context, output, options.watch ?? false);
    if (wanted.length === states.length) await output.step("Waiting until all are well", () => waitUntilWell(context));
    return missing;
  };
  const onWait = () => output.line("… Waiting for another ./manage.sh that is at work here");
  return withFileLock(join(context.dataDir, "manage.lock"), task, { timeout: LOCK_TIMEOUT, onWait });
}

/** A service that is not well only because one it needs is stopped gets well when that one is started. */
function waitsFor(state: ServiceState, states: readonly ServiceState[]): boolean {
  const needs = SERVICES.find((service) => service.name === state.name)?.needs ?? [];
  return states.some((other) => needs.includes(other.name) && other.state === "stopped");
}
