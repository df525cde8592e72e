import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKOUT } from "../checkout.ts";
import { Failure, messageOf } from "../failure.ts";
import type { Context } from "./context.ts";
import type { Finding } from "./version-findings.ts";

type ConfigModule = { readonly loadConfig: (source: NodeJS.ProcessEnv) => unknown };

/**
 * Makes sure the gateway will accept the settings, before anything is started.
 * @throws Failure naming every fault.
 */
export async function requireValidSettings(context: Context): Promise<void> {
  const faults = (await settingFindings(context)).filter((finding) => !finding.ok);
  if (faults.length === 0) return;
  throw new Failure(
    ["The settings are not valid:", ...faults.map((fault) => `  ${fault.text}`)].join("\n"),
    `Mend them in ${context.envFile} or in the environment, then start again.`,
  );
}

/** Whether the gateway would accept the settings: it is asked itself, so that there is one judge only. */
export async function settingFindings({ environment }: Context): Promise<Finding[]> {
  const program = join(CHECKOUT, "gateway/src/config.ts");
  if (!existsSync(join(CHECKOUT, "node_modules"))) {
    return [{ ok: true, text: "Settings: looked at once the packages are installed; ./manage.sh start does that" }];
  }
  try {
    const { loadConfig } = (await import(pathToFileURL(program).href)) as ConfigModule;
    loadConfig(environment);
    return [{ ok: true, text: "Settings: valid" }];
  } catch (error) {
    const faults =
      error instanceof Error && "faults" in error && Array.isArray(error.faults) ? error.faults : [messageOf(error)];
    return faults.map((fault) => ({ ok: false, text: `Setting ${fault}` }));
  }
}
