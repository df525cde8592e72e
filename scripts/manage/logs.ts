import { join } from "node:path";
import { SERVICE_NAMES, type ServiceName } from "../services.ts";
import type { Context } from "./context.ts";
import { composeAttached } from "./docker.ts";
import { createLogReader, readTail } from "./log-reader.ts";
import { currentMode } from "./mode.ts";
import type { Output } from "./output.ts";

const TAIL_LINES = 100;
const POLL_INTERVAL = 250;
const COLOURS = [36, 33, 35, 32, 34, 31];

/** A line with its service's name before it, aligned over all services; coloured on a terminal only. */
export function prefixLine(service: ServiceName, line: string, coloured: boolean): string {
  const width = Math.max(...SERVICE_NAMES.map((name) => name.length));
  const name = service.padEnd(width);
  const colour = COLOURS[SERVICE_NAMES.indexOf(service) % COLOURS.length];
  return coloured ? `\u001b[${colour}m${name} |\u001b[0m ${line}` : `${name} | ${line}`;
}

/** Writes on until the process is ended: following has no end of its own. */
function followForever(names: readonly ServiceName[], ends: readonly number[], context: Context, print: Print) {
  const readers = names.map((name, index) => {
    return { name, reader: createLogReader(join(context.logDir, `${name}.log`), ends[index] ?? 0) };
  });
  const timer = setInterval(() => {
    for (const { name, reader } of readers) for (const line of reader.read()) print(name, line);
  }, POLL_INTERVAL);
  return new Promise<number>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(0));
  }).finally(() => clearInterval(timer));
}

type Print = (service: ServiceName, line: string) => void;

/** ./manage.sh logs [service] [-f]. Returns the exit code. */
export async function logs(
  context: Context,
  service: ServiceName | null,
  follow: boolean,
  output: Output,
  coloured: boolean,
): Promise<number> {
  const names = service ? [service] : SERVICE_NAMES;
  if (currentMode(context) === "docker") {
    const options = [
      "--tail",
      String(TAIL_LINES),
      ...(follow ? ["--follow"] : []),
      ...(coloured ? [] : ["--no-color"]),
    ];
    return composeAttached(context, "logs", ...options, ...names);
  }
  const print: Print = (name, line) => output.line(prefixLine(name, line, coloured));
  const ends = names.map((name) => {
    const { lines, end } = readTail(join(context.logDir, `${name}.log`), TAIL_LINES);
    for (const line of lines) print(name, line);
    return end;
  });
  if (follow) return followForever(names, ends, context, print);
  return 0;
}
