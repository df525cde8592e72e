import { stopTree } from "../parts/process-tree.ts";
import { SERVICE_NAMES, type ServiceName } from "../services.ts";
import type { Context } from "./context.ts";
import type { Output } from "./output.ts";
import { findRecordedProcess, forgetProcess } from "./pid-file.ts";

/** What asks each service to end cleanly, and how long it may take. Anything not named: SIGTERM, 10 s. */
const STOPS: Partial<Record<ServiceName, { signal: NodeJS.Signals; timeout: number }>> = {
  postgres: { signal: "SIGINT", timeout: 30_000 },
  redis: { signal: "SIGTERM", timeout: 30_000 },
  gateway: { signal: "SIGTERM", timeout: 30_000 },
};

/** Ends one service by the process id this checkout recorded. Returns whether it ran. */
export async function stopNativeService(name: ServiceName, context: Context): Promise<boolean> {
  const record = findRecordedProcess(context.pidDir, name);
  if (record) await stopTree(record.pid, STOPS[name]?.signal, STOPS[name]?.timeout);
  forgetProcess(context.pidDir, name);
  return record !== null;
}

/** Ends these services, the last started first, and waits until each is gone. Returns those that ran. */
export async function stopNative(
  context: Context,
  output: Output,
  names: readonly ServiceName[] = SERVICE_NAMES,
): Promise<ServiceName[]> {
  const stopped: ServiceName[] = [];
  for (const name of names.toReversed()) {
    if (!findRecordedProcess(context.pidDir, name)) continue;
    await output.step(`Stopping ${name}`, () => stopNativeService(name, context));
    stopped.push(name);
  }
  return stopped;
}
