import { CHECKOUT } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { runCommand } from "../run-command.ts";
import type { Context } from "./context.ts";

/**
 * Brings the gateway's database to the version of the built program.
 * @param watch run the sources instead of the build.
 * @throws Failure with the migration's last lines.
 */
export async function migrateGateway(context: Context, watch: boolean): Promise<void> {
  const program = watch ? "gateway/src/migrate.ts" : "gateway/dist/src/migrate.js";
  const options = { cwd: CHECKOUT, env: context.environment };
  const result = await runCommand(process.execPath, [program, "latest"], options);
  if (result.code === 0) return;
  const tail = (result.stderr || result.stdout).trim().split("\n").slice(-6).join("\n");
  throw new Failure(
    `The gateway's database could not be migrated: ${tail}`,
    "Nothing was changed beyond the last finished migration. See docs/operations.md, then start again.",
  );
}
