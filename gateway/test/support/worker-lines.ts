import type { GatewayProcess } from "./gateway-process.ts";

type Line = { readonly worker?: number; readonly pid?: number; readonly msg: string; readonly path?: string };

/** What a process logged so far. */
export function linesOf({ output }: GatewayProcess): Line[] {
  const whole = output.join("").split("\n").slice(0, -1);
  return whole.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line);
}

/** Which workers wrote lines. */
export const workersIn = (lines: readonly Line[]) => [...new Set(lines.flatMap(({ worker }) => worker ?? []))];
