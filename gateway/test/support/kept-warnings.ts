import { type Logger, pino } from "pino";

/** A log that keeps its warnings, and what was written so far. */
export function keepWarnings(): { readonly log: Logger; readonly text: () => string } {
  let text = "";
  const write = (line: string) => {
    text += line;
  };
  return { log: pino({ level: "warn" }, { write }), text: () => text };
}
