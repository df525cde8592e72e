import type { Context } from "./context.ts";
import { dockerStates } from "./docker.ts";
import { currentMode } from "./mode.ts";
import { nativeStates, type ServiceState } from "./native-state.ts";
import type { Output } from "./output.ts";
import { stateLines } from "./summary.ts";

/** What is down and what to do about it, one sentence each; none when all is well. */
export function complaints(states: readonly ServiceState[]): string[] {
  if (states.every((state) => state.state === "stopped")) return ["Nothing runs. Start it: ./manage.sh start"];
  return states
    .filter((state) => state.state !== "running")
    .map(({ name, state, detail }) =>
      state === "stopped"
        ? `${name} is down. Start it: ./manage.sh start    Why it ended: ./manage.sh logs ${name}`
        : `${name} is not well: ${detail}. Its log: ./manage.sh logs ${name}`,
    );
}

/**
 * ./manage.sh status
 * @returns the exit code: 0 when every service is well, else 1.
 */
export async function status(context: Context, json: boolean, output: Output): Promise<number> {
  const mode = currentMode(context);
  const states = mode === "docker" ? await dockerStates(context) : await nativeStates(context);
  const problems = complaints(states);
  if (json) {
    output.line(JSON.stringify({ mode, healthy: problems.length === 0, services: states }, null, 2));
    return problems.length === 0 ? 0 : 1;
  }
  for (const line of stateLines(states, context)) output.line(line);
  output.line();
  for (const line of problems.length === 0 ? ["All services are well."] : problems) output.line(line);
  return problems.length === 0 ? 0 : 1;
}
