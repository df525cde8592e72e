import { type Logger, pino } from "pino";
import type { Config } from "../config.ts";

/** Nothing of these reaches the log, at whatever depth an error of a library carries it. */
const SECRETS = ["cookie", "set-cookie", "authorization", "password", "challenge", "recovery_code"];
const paths = SECRETS.flatMap((name) => ["", "*.", "*.*.", "*.*.*."].map((depth) => `${depth}["${name}"]`));

/** A library's error without its request and configuration, which hold cookies and addresses. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const code = "code" in error ? error.code : undefined;
  return { name, message, code, stack, ...(error.cause !== undefined && { cause: plainError(error.cause) }) };
}

/** The structured log, one JSON object a line. */
export function createLogger(config: Pick<Config, "logLevel">): Logger {
  return pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: plainError },
    redact: { paths, censor: "[redacted]" },
  });
}
