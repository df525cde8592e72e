import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { DestinationStream } from "pino";
import { secretsIn } from "./secrets.ts";

/** A worker's log stays within this; the check of the logs refuses one that does not. */
const MOST_BYTES = 256 * 1024 * 1024;
let written = 0;

/** The folder of the run's logs, if there is one: the same servers and browsers serve benchmarks as well. */
export const LOG_FOLDER = "PASSBRIDGE_TEST_LOGS";

function append(name: string, text: string): void {
  const folder = process.env[LOG_FOLDER];
  if (folder) appendFileSync(join(folder, name), text);
}

/** Where every gateway of a test run logs to. */
export const runLog: DestinationStream = {
  write: (line) => {
    written += line.length;
    if (written <= MOST_BYTES) append(`gateway-${process.pid}.log`, line);
    else append("truncated", "");
  },
};

/** Remembers secrets that a test made, got or sent, so that the logs can be searched for them after the run. */
export function noteSecrets(holder: unknown): void {
  const found = secretsIn(holder);
  if (found.length > 0) append(`secrets-${process.pid}.txt`, `${found.join("\n")}\n`);
}
