import type { Logger } from "pino";
import { type Config, ConfigError } from "../config.ts";
import type { RouteRules } from "../policy/route-rule.ts";
import { defaultRules, defaultUpstream } from "./default-rules.ts";
import { warnOfOtherHosts } from "./host-warning.ts";
import type { CurrentRules } from "./route-decision.ts";
import { loadRulesFile } from "./rules-file.ts";

/** What became of a reload; "none": there is no file, and nothing changed. */
export type ReloadResult = "loaded" | "refused" | "none";

/** The rules in force, which a reload replaces as a whole or not at all. */
export type LiveRules = {
  readonly current: CurrentRules;
  /** Reads the file anew. Never rejects; wrong rules are logged with each fault, and the old ones stay. */
  readonly reload: () => Promise<ReloadResult>;
};

type LiveRulesDeps = {
  readonly config: Pick<Config, "routesFile" | "upstream" | "publicUrl" | "session">;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
};

async function load({ config, log }: LiveRulesDeps): Promise<RouteRules> {
  if (config.routesFile === undefined) return defaultRules(config);
  const { rules, warnings } = await loadRulesFile(config.routesFile, defaultUpstream(config));
  if (warnings.length > 0) log.warn({ warnings }, "parts of the route rules have no effect");
  log.info({ file: config.routesFile, rules: rules.rules.length }, "the route rules are in force");
  return rules;
}

function logRefusal({ config, log }: LiveRulesDeps, error: unknown): void {
  const faults = error instanceof ConfigError ? { faults: error.faults } : { err: error };
  log.error({ file: config.routesFile, ...faults }, "the new route rules are not valid; the old ones stay in force");
}

/**
 * Loads the rules of ROUTES_FILE; without one everything needs a session.
 * @throws ConfigError with every fault of the file.
 */
export async function createLiveRules(deps: LiveRulesDeps): Promise<LiveRules> {
  let rules = await load(deps);
  let last: Promise<unknown> = Promise.resolve();
  const reload = async (): Promise<ReloadResult> => {
    if (deps.config.routesFile === undefined) {
      deps.log.info("there is no ROUTES_FILE, so no rules to reload");
      return "none";
    }
    try {
      rules = await load(deps);
      warnOfOtherHosts(deps.config, () => rules, deps.log);
      return "loaded";
    } catch (error) {
      logRefusal(deps, error);
      return "refused";
    }
  };
  return {
    current: () => rules,
    // One after the other, so that the file's last state is the one in force in the end.
    reload: () => {
      const next = last.then(reload);
      last = next;
      return next;
    },
  };
}
