import { CHECKOUT } from "../checkout.ts";
import { runCommand } from "../run-command.ts";
import type { Context } from "./context.ts";
import { composeAttached } from "./docker.ts";
import { currentMode } from "./mode.ts";
import type { Output } from "./output.ts";

/**
 * A program of the gateway for operators: `admin`, who may administer; `keys`, what signs the identity token;
 * `check-routes`, which route rule decides about a request.
 */
export type GatewayProgram = "admin" | "keys" | "check-routes";

/**
 * Runs one of the gateway's own programs, in its container where there is one, because only from there Kratos' admin API
 * and the database can be reached.
 * @param words what follows the command.
 * @returns the exit code.
 */
export async function gatewayProgram(
  context: Context,
  program: GatewayProgram,
  words: readonly string[],
  output: Output,
): Promise<number> {
  if (currentMode(context) === "docker") {
    return composeAttached(context, "exec", "-T", "gateway", "node", `gateway/dist/src/${program}.js`, ...words);
  }
  const options = { cwd: CHECKOUT, env: context.environment };
  const result = await runCommand(process.execPath, [`gateway/src/${program}.ts`, ...words], options);
  if (result.stdout.trim() !== "") output.line(result.stdout.trim());
  process.stderr.write(result.stderr);
  return result.code;
}
