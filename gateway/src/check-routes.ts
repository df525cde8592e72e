import { systemClock } from "./clock.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import { Problem } from "./errors.ts";
import { createOriginalRequests } from "./http/original-requests.ts";
import { hostName } from "./policy/original-request.ts";
import { targetFault } from "./policy/request-target.ts";
import type { RouteRule } from "./policy/route-rule.ts";
import { type CheckArguments, parseCheckArguments, UsageError } from "./routes/check-arguments.ts";
import { defaultRules, defaultUpstream } from "./routes/default-rules.ts";
import { describeAccess, describeRequests } from "./routes/describe-rule.ts";
import { explainRequest } from "./routes/explain-request.ts";
import { type LoadedRules, loadRulesFile } from "./routes/rules-file.ts";

type Said = { readonly lines: readonly string[]; readonly code: 0 | 1 };

async function load(config: Config): Promise<LoadedRules> {
  if (config.routesFile === undefined) return { rules: defaultRules(config), warnings: [] };
  return loadRulesFile(config.routesFile, defaultUpstream(config));
}

const placeIn = (file: string | undefined) => (rule: RouteRule) =>
  file === undefined ? "without ROUTES_FILE" : `${file}:${rule.line}`;

function listRules(config: Config, { rules, warnings }: LoadedRules): Said {
  const place = placeIn(config.routesFile);
  const list = rules.rules.map(
    (rule) => `  ${rule.name} (${place(rule)}): ${describeRequests(rule)}; needs ${describeAccess(rule.access)}`,
  );
  const count = rules.rules.length === 1 ? "1 rule" : `${rules.rules.length} rules`;
  const headline = config.routesFile === undefined ? "There is no ROUTES_FILE." : `${config.routesFile} is right.`;
  return { lines: [...warnings, `${headline} ${count}:`, ...list], code: 0 };
}

type RequestArguments = Extract<CheckArguments, { kind: "request" }>;

/** Which host the rules are asked about, where it is not the one that was asked for. */
function hostNote({ publicUrl }: Config, asked: string, host: string): string[] {
  if (host !== publicUrl.host || hostName(asked) === publicUrl.hostname) return [];
  return [`No rule names the host ${asked}, so its requests count as ${publicUrl.host}'s.`];
}

async function explain(config: Config, { rules }: LoadedRules, asked: RequestArguments): Promise<Said> {
  const host = asked.host ?? config.publicUrl.host;
  const originals = createOriginalRequests({ publicUrl: config.publicUrl, trusted: () => false, rules: () => rules });
  try {
    const original = originals.claimed({ ...asked, host, pageLoad: false });
    const deps = { config, rules, clock: systemClock, placeOf: placeIn(config.routesFile) };
    const { lines, passes } = await explainRequest(deps, original, asked.as);
    return { lines: [...hostNote(config, host, original.host), ...lines], code: passes ? 0 : 1 };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const why = targetFault(asked.target);
    const detail = why === null ? error.detail : `the path ${why}`;
    return { lines: [`${asked.method} ${host}${asked.target}`, `  refused with ${error.status}: ${detail}`], code: 1 };
  }
}

async function run(words: readonly string[]): Promise<Said> {
  const asked = parseCheckArguments(words);
  const config = loadConfig();
  const loaded = await load(config);
  return asked.kind === "file" ? listRules(config, loaded) : explain(config, loaded, asked);
}

/** What the route rules make of a request, for operators: `check-routes [METHOD URL [--as …]]`. */
async function main(words: readonly string[]): Promise<void> {
  try {
    const { lines, code } = await run(words);
    process.stdout.write(`${lines.join("\n")}\n`);
    process.exitCode = code;
  } catch (error) {
    const known = error instanceof UsageError || error instanceof ConfigError;
    process.stderr.write(`${known ? error.message : `The rules could not be looked at: ${String(error)}`}\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
