import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { DestinationStream } from "pino";
import { inject } from "vitest";
import { secretsIn } from "./secrets.ts";

/** A worker's log stays within this; the check of the logs refuses one that does not. */
const MOST_BYTES = 256 * 1024 * 1024;
let written = 0;

/** Where every gateway of a test run logs to. */
export const runLog: DestinationStream = {
  write: (line) => {
    written += line.length;
    if (written <= MOST_BYTES) appendFileSync(join(inject("logs"), `gateway-${process.pid}.log`), line);
    else appendFileSync(join(inject("logs"), "truncated"), "");
  },
};

/** Remembers secrets that a test made, got or sent, so that the logs can be searched for them after the run. */
export function noteSecrets(holder: unknown): void {
  const found = secretsIn(holder);
  if (found.length > 0) appendFileSync(join(inject("logs"), `secrets-${process.pid}.txt`), `${found.join("\n")}\n`);
}
