import { join } from "node:path";
import { messageOf } from "../failure.ts";
import { SERVICES, type ServiceName } from "../services.ts";
import type { Context } from "./context.ts";
import { nativePlan } from "./native-plans.ts";
import { findRecordedProcess } from "./pid-file.ts";

export type ServiceState = {
  readonly name: ServiceName;
  readonly state: "running" | "unhealthy" | "stopped";
  readonly pid: number | null;
  readonly since: string | null;
  readonly ports: readonly number[];
  /** Why it is not healthy; empty when it is. */
  readonly detail: string;
  readonly log: string | null;
};

async function checkFailure(name: ServiceName, context: Context): Promise<string> {
  try {
    const plan = await nativePlan(name, context);
    await plan.check();
    return "";
  } catch (error) {
    return messageOf(error).split("\n")[0] ?? "";
  }
}

/** The state of one native service: its process by the pid file, its health by asking it. */
export async function nativeServiceState(name: ServiceName, context: Context): Promise<ServiceState> {
  const service = SERVICES.find((entry) => entry.name === name);
  const ports = (service?.ports ?? []).map((setting) => Number(context.settings[setting]));
  const record = findRecordedProcess(context.pidDir, name);
  const common = { name, ports, log: join(context.logDir, `${name}.log`) };
  if (!record) return { ...common, state: "stopped", pid: null, since: null, detail: "no process" };
  const detail = await checkFailure(name, context);
  return { ...common, state: detail === "" ? "running" : "unhealthy", pid: record.pid, since: record.since, detail };
}

/** The state of every native service, in the order of their start. */
export function nativeStates(context: Context): Promise<ServiceState[]> {
  return Promise.all(SERVICES.map((service) => nativeServiceState(service.name, context)));
}
