import { type ChildProcess, spawn } from "node:child_process";
import { CHECKOUT } from "../checkout.ts";
import { stopTree } from "../parts/process-tree.ts";
import type { Context } from "./context.ts";
import { ensureTools } from "./install-tools.ts";
import { logs } from "./logs.ts";
import { startNative } from "./native-start.ts";
import { nativeStates } from "./native-state.ts";
import { stopNative } from "./native-stop.ts";
import type { Output } from "./output.ts";
import { askableTerminal } from "./start.ts";
import { clickLines, stateLines } from "./summary.ts";
import { START_TOOLS } from "./tools.ts";

/** Vite builds the pages again after each save; the gateway serves them from where they always lie. */
function watchPages(): ChildProcess {
  return spawn("npx", ["vite", "build", "--watch"], {
    cwd: `${CHECKOUT}/frontend`,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
}

/**
 * ./manage.sh dev: the services natively, the gateway and the pages from their sources, until it is interrupted.
 * @returns the exit code.
 */
export async function dev(context: Context, flags: ReadonlySet<string>, output: Output): Promise<number> {
  await ensureTools(START_TOOLS, output, { yes: flags.has("--yes"), ...askableTerminal() });
  const development = { ...context, environment: { ...context.environment, NODE_ENV: "development" } };
  const started = await startNative(development, output, { watch: true });
  const pages = watchPages();
  try {
    for (const line of [...stateLines(await nativeStates(context), context), "", ...clickLines(context)])
      output.line(line);
    output.line("Saving a file rebuilds it; Ctrl-C ends this.");
    return await logs(context, null, true, output, process.stdout.isTTY);
  } finally {
    if (pages.pid !== undefined) await stopTree(pages.pid);
    await stopNative(context, output, started);
  }
}
