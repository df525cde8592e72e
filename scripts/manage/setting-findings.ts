import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKOUT } from "../checkout.ts";
import { Failure, messageOf } from "../failure.ts";
import type { Context } from "./context.ts";
import { currentMode } from "./mode.ts";
import type { Finding } from "./version-findings.ts";

type RoutesSetting = { readonly routesFile: string | undefined };
type ConfigModule = { readonly loadConfig: (source: NodeJS.ProcessEnv) => RoutesSetting };
type RoutesModule = { readonly createLiveRules: (deps: { config: RoutesSetting; log: unknown }) => Promise<unknown> };

const importGateway = <T>(path: string) =>
  import(pathToFileURL(join(CHECKOUT, "gateway/src", path)).href) as Promise<T>;

/** Natively alone: in Docker the file's path is one inside the container. */
async function checkRoutes({ routesFile, ...config }: RoutesSetting): Promise<void> {
  if (routesFile === undefined) return;
  const { createLiveRules } = await importGateway<RoutesModule>("routes/live-rules.ts");
  const log = { info: () => undefined, warn: () => undefined };
  await createLiveRules({ config: { ...config, routesFile: resolve(CHECKOUT, routesFile) }, log });
}

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
export async function settingFindings(context: Context): Promise<Finding[]> {
  if (!existsSync(join(CHECKOUT, "node_modules"))) {
    return [{ ok: true, text: "Settings: looked at once the packages are installed; ./manage.sh start does that" }];
  }
  try {
    const { loadConfig } = await importGateway<ConfigModule>("config.ts");
    const config = loadConfig(context.environment);
    if (currentMode(context) === "native") await checkRoutes(config);
    return [{ ok: true, text: "Settings: valid" }];
  } catch (error) {
    const faults =
      error instanceof Error && "faults" in error && Array.isArray(error.faults) ? error.faults : [messageOf(error)];
    return faults.map((fault) => ({ ok: false, text: `Setting ${fault}` }));
  }
}
