import { Failure } from "../failure.ts";
import { processTree, signalAll } from "../parts/process-tree.ts";
import type { Context } from "./context.ts";
import { compose } from "./docker.ts";
import { gatewayProgram } from "./gateway-program.ts";
import { currentMode } from "./mode.ts";
import type { Output } from "./output.ts";
import { findRecordedProcess } from "./pid-file.ts";

const DONE = "The gateway reads its route rules anew; no connection is dropped.";
const LOOK = "→ What became of it: ./manage.sh logs gateway";

async function sendHangUp(context: Context): Promise<void> {
  if (currentMode(context) === "docker") {
    await compose(context, "kill", "--signal", "HUP", "gateway");
    return;
  }
  const record = findRecordedProcess(context.pidDir, "gateway");
  if (!record) throw new Failure("The gateway does not run.", "Start it: ./manage.sh start");
  // While developing, node --watch is the parent, which the signal would end.
  const [first, child = first] = processTree(record.pid);
  signalAll([child ?? record.pid], "SIGHUP");
}

/**
 * `./manage.sh reload`: has the gateway read ROUTES_FILE anew, once the file has been found right. Other settings take
 * effect with a restart.
 * @returns the exit code.
 * @throws Failure when the gateway does not run.
 */
export async function reload(context: Context, output: Output): Promise<number> {
  const code = await gatewayProgram(context, "check-routes", [], output);
  if (code !== 0) {
    output.line("The rules in force stay. → Mend the file, then try again.");
    return code;
  }
  await sendHangUp(context);
  output.line(DONE);
  output.line(LOOK);
  return 0;
}
