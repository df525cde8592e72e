import { Failure } from "../failure.ts";
import type { Context } from "./context.ts";
import { compose, dockerStates } from "./docker.ts";
import { ensureTools } from "./install-tools.ts";
import { chooseMode, currentMode, rememberMode } from "./mode.ts";
import { startNative } from "./native-start.ts";
import { nativeStates, type ServiceState } from "./native-state.ts";
import type { Output } from "./output.ts";
import { complaints } from "./status.ts";
import { clickLines, stateLines } from "./summary.ts";
import { START_TOOLS } from "./tools.ts";

/** The terminal to ask on, when there is one. */
export function askableTerminal() {
  const { stdin: input, stdout: output } = process;
  return input.isTTY && output.isTTY ? { terminal: { input, output } } : {};
}

function report(states: readonly ServiceState[], changed: boolean, context: Context, output: Output): void {
  output.line(changed ? "\nPassbridge runs." : "Everything runs already; nothing was changed.");
  output.line();
  for (const line of stateLines(states, context)) output.line(line);
  output.line();
  for (const line of clickLines(context)) output.line(line);
}

async function startDocker(context: Context, output: Output): Promise<boolean> {
  const before = await dockerStates(context);
  const label = "Starting the containers (the first time their images are fetched and built)";
  try {
    await output.step(label, () => compose(context, "up", "--detach", "--build", "--wait"));
  } catch (error) {
    if (before.every((state) => state.state === "stopped")) await compose(context, "down");
    throw error;
  }
  const [problem] = complaints(await dockerStates(context));
  if (problem) throw new Failure(problem, "The other containers run on; ./manage.sh stop ends them.");
  return before.some((state) => state.state !== "running");
}

/**
 * ./manage.sh start
 * @throws Failure when something is missing or does not start; what this call started is stopped again.
 */
export async function start(context: Context, flags: ReadonlySet<string>, output: Output): Promise<void> {
  const running = (await nativeStates(context)).some((state) => state.pid !== null);
  const mode = running && !flags.has("--docker") ? "native" : await chooseMode(flags, output);
  if (mode === "docker") {
    const changed = await startDocker(context, output);
    rememberMode(context, mode);
    report(await dockerStates(context), changed, context, output);
    return;
  }
  await ensureTools(START_TOOLS, output, { yes: flags.has("--yes"), ...askableTerminal() });
  const started = await startNative(context, output);
  if (currentMode(context) !== mode || started.length > 0) rememberMode(context, mode);
  report(await nativeStates(context), started.length > 0, context, output);
}
