import { CHECKOUT } from "../checkout.ts";
import { runCommand } from "../run-command.ts";
import type { Context } from "./context.ts";
import { composeAttached } from "./docker.ts";
import { currentMode } from "./mode.ts";
import type { Output } from "./output.ts";

/**
 * `./manage.sh admin grant EMAIL | revoke EMAIL | list`: who may administer. The gateway's own program does it, in its
 * container where there is one, because only from there Kratos' admin API can be reached.
 * @returns the exit code.
 */
export async function admin(context: Context, words: readonly string[], output: Output): Promise<number> {
  if (currentMode(context) === "docker") {
    return composeAttached(context, "exec", "-T", "gateway", "node", "gateway/dist/src/admin.js", ...words);
  }
  const options = { cwd: CHECKOUT, env: context.environment };
  const result = await runCommand(process.execPath, ["gateway/src/admin.ts", ...words], options);
  if (result.stdout.trim() !== "") output.line(result.stdout.trim());
  process.stderr.write(result.stderr);
  return result.code;
}
