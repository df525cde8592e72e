import { isOwnPath } from "../http/own-paths.ts";
import type { RouteRule, RouteRules } from "../policy/route-rule.ts";
import type { Finding } from "./finding.ts";
import { shadowedRules } from "./shadowed-rules.ts";
import type { YamlDocument } from "./yaml-document.ts";

const OWN = "never counts: the gateway answers there itself, and no rule is asked";

/** What stands for a rule in the file: its line. */
const warn = ({ name, line }: RouteRule, message: string): Finding => ({
  severity: "warning",
  line: line ?? 1,
  column: 1,
  message: `rule "${name}": ${message}`,
});

const isOwn = ({ path }: RouteRule) => path.kind !== "regex" && isOwnPath(path.path);

function unusedUpstreams({ value, at }: Pick<YamlDocument, "value" | "at">): Finding[] {
  const { upstreams, rules } = value as { upstreams?: unknown; rules?: unknown };
  if (typeof upstreams !== "object" || upstreams === null || !Array.isArray(rules)) return [];
  const used = new Set(rules.map((rule: unknown) => (Object(rule) as { upstream?: unknown }).upstream));
  return Object.keys(upstreams)
    .filter((name) => !used.has(name))
    .map((name) => ({
      severity: "warning",
      ...at(["upstreams", name]),
      message: `upstreams.${name}: no rule uses it`,
    }));
}

/** What a file says that is not wrong and yet of no effect. */
export function rulesWarnings(document: Pick<YamlDocument, "value" | "at">, rules: RouteRules): Finding[] {
  return [
    ...rules.rules.filter(isOwn).map((rule) => warn(rule, OWN)),
    ...shadowedRules(rules).map(({ rule, by }) =>
      warn(rule, `never counts: rule "${by.name}" in line ${by.line} is for all of its requests and comes first`),
    ),
    ...unusedUpstreams(document),
  ];
}
