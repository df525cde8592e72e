import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startTimeOf } from "../parts/process-tree.ts";

/** A process this checkout started. Its start time tells it from a later process with the same id. */
export type ProcessRecord = { readonly pid: number; readonly startedAt: string; readonly since: string };

const fileOf = (folder: string, service: string) => join(folder, `${service}.json`);

/** Notes a service's process so that later calls find it. */
export function recordProcess(folder: string, service: string, pid: number, now = new Date()): void {
  const record: ProcessRecord = { pid, startedAt: startTimeOf(pid) ?? "", since: now.toISOString() };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(folder, service), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

function parseRecord(text: string): ProcessRecord | null {
  try {
    const { pid, startedAt, since } = JSON.parse(text) as Partial<ProcessRecord>;
    // Ids of 1 and below would mean the system itself, or whole groups (kill(2)).
    return pid !== undefined && Number.isInteger(pid) && pid > 1 && startedAt && since
      ? { pid, startedAt, since }
      : null;
  } catch {
    return null;
  }
}

/** The service's process if it runs; null when it ended or its id belongs to another process by now. */
export function findRecordedProcess(folder: string, service: string): ProcessRecord | null {
  let text: string;
  try {
    text = readFileSync(fileOf(folder, service), "utf8");
  } catch {
    return null;
  }
  const record = parseRecord(text);
  return record && isAlive(record.pid) && startTimeOf(record.pid) === record.startedAt ? record : null;
}

/** Forgets a service's process. */
export function forgetProcess(folder: string, service: string): void {
  rmSync(fileOf(folder, service), { force: true });
}
