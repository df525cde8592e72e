import { join, resolve } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { withFileLock } from "../file-lock.ts";
import { makeMissingSecrets, resolveSettings, type Settings } from "../settings.ts";
import { addToEnvFile, readEnvFile } from "./env-file.ts";

/** What every command works with: the settings and the folders of this installation. */
export type Context = {
  readonly settings: Settings;
  /** The caller's environment over the settings file, with every derived setting filled in: what the gateway gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly envFile: string;
  readonly dataDir: string;
  readonly logDir: string;
  readonly pidDir: string;
};

const LOCK_TIMEOUT = 30_000;

/** Node's own switches are for this program, not for the services. */
const NOT_PASSED_ON = ["NODE_OPTIONS", "NODE_TEST_CONTEXT", "NODE_CHANNEL_FD"];

function definedOnly(values: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => !NOT_PASSED_ON.includes(name)));
}

/** The caller's environment over the settings file; an empty value counts as not given. */
export function mergeEnvironment(
  file: Readonly<Record<string, string>>,
  caller: NodeJS.ProcessEnv,
): Record<string, string> {
  const given = Object.entries(definedOnly(caller)).filter(([name, value]) => value.trim() !== "" || !(name in file));
  return { ...file, ...Object.fromEntries(given) };
}

/** Makes the secrets that are missing. Two first starts at once end with the same ones. */
async function keptValues(envFile: string, caller: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const isComplete = (file: Record<string, string>) => Object.keys(makeMissingSecrets(file, caller)).length === 0;
  if (isComplete(readEnvFile(envFile))) return readEnvFile(envFile);
  const task = async () => {
    const missing = makeMissingSecrets(readEnvFile(envFile), caller);
    if (Object.keys(missing).length > 0) addToEnvFile(envFile, missing);
    return readEnvFile(envFile);
  };
  return withFileLock(`${envFile}.lock`, task, { timeout: LOCK_TIMEOUT });
}

/**
 * Reads the settings of this installation.
 * @param caller the environment manage.sh was called with.
 * @param keepSecrets write new secrets into the settings file; without it they are made up and forgotten (for status).
 */
export async function loadContext(caller: NodeJS.ProcessEnv, keepSecrets: boolean): Promise<Context> {
  const envFile = resolve(caller.PASSBRIDGE_ENV_FILE || join(CHECKOUT, ".env"));
  const file = keepSecrets ? await keptValues(envFile, caller) : readEnvFile(envFile);
  const values = { ...file, ...makeMissingSecrets(file, caller) };
  const settings = resolveSettings(values, caller);
  const dataDir = resolve(caller.PASSBRIDGE_DATA_DIR || file.PASSBRIDGE_DATA_DIR || join(CHECKOUT, ".data"));
  return {
    settings,
    environment: { NODE_ENV: "production", ...mergeEnvironment(values, caller), ...settings },
    envFile,
    dataDir,
    logDir: join(dataDir, "logs"),
    pidDir: join(dataDir, "pids"),
  };
}
