import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { runOrThrow } from "../run-command.ts";
import { checkHttp } from "./http-check.ts";
import { type KratosSettings, kratosEnvironment } from "./kratos-environment.ts";
import type { PartPlan } from "./part.ts";

/** Kratos runs in its own folder: kratos.yml names the schema and the mail templates relative to it. */
const FOLDER = join(CHECKOUT, "kratos");
const CONFIG = ["--config", "kratos.yml"];

/** Only what Kratos needs: it reads its settings from the environment and would take our LOG_LEVEL for its own. */
function environment(settings: KratosSettings): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...kratosEnvironment(settings) };
}

/**
 * Brings Kratos' database to the program's version; does nothing when it is there.
 * @throws Error with the end of its output.
 */
export async function migrateKratos(binary: string, settings: KratosSettings, log?: number): Promise<void> {
  await runOrThrow(binary, ["migrate", "sql", "--read-from-env", "--yes", ...CONFIG], {
    cwd: FOLDER,
    env: environment(settings),
    ...(log !== undefined && { logTo: log }),
  });
}

/** Kratos with its mail courier. Its database is migrated before each start. */
export function planKratos(binary: string, settings: KratosSettings): PartPlan {
  return {
    name: "kratos",
    command: binary,
    args: ["serve", "--watch-courier", ...CONFIG],
    env: environment(settings),
    cwd: FOLDER,
    readyTimeout: 60_000,
    prepare: (log) => migrateKratos(binary, settings, log),
    check: () => checkHttp(`http://127.0.0.1:${settings.adminPort}/admin/health/ready`),
  };
}
