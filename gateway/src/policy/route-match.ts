import { hostName, type OriginalRequest } from "./original-request.ts";
import type { PathPattern, RouteRule, RouteRules } from "./route-rule.ts";

/** Whether one of a rule's host patterns is the host's. */
export function matchesHost(patterns: readonly string[], host: string): boolean {
  const name = hostName(host);
  return patterns.some((pattern) => {
    if (!pattern.startsWith("*.")) return pattern === name;
    const label = name.slice(0, -(pattern.length - 1));
    return name.endsWith(pattern.slice(1)) && label !== "" && !label.includes(".");
  });
}

/** Path parameters (`/admin;v=1`) are no part of a name: many servers drop them before they look for a page. */
function withoutParameters(path: string): string {
  return path.includes(";") ? path.replace(/;[^/]*/g, "") : path;
}

function matchesPath(pattern: PathPattern, path: string, ignoreCase: boolean): boolean {
  if (pattern.kind === "regex") return pattern.test(path);
  const own = ignoreCase ? pattern.path.toLowerCase() : pattern.path;
  if (pattern.kind === "exact") return path === own;
  return path === own || path.startsWith(own.endsWith("/") ? own : `${own}/`);
}

/** What of a request a rule is not for; null: the rule is for it. `path` as `comparablePath` made it. */
function mismatch(rule: RouteRule, request: OriginalRequest, path: string, ignoreCase: boolean) {
  if (rule.methods.length > 0 && !rule.methods.includes(request.method)) return "method";
  if (rule.hosts.length > 0 && !matchesHost(rule.hosts, request.host)) return "host";
  return matchesPath(rule.path, path, ignoreCase) ? null : "path";
}

/** A request's path as rules are compared with it. */
function comparablePath({ path }: Pick<OriginalRequest, "path">, ignoreCase: boolean): string {
  const plain = withoutParameters(path);
  return ignoreCase ? plain.toLowerCase() : plain;
}

/** The first rule that is for a request; null when none is, and then nobody may pass. */
export function findRule({ rules, ignoreCase }: RouteRules, request: OriginalRequest): RouteRule | null {
  const path = comparablePath(request, ignoreCase);
  return rules.find((rule) => mismatch(rule, request, path, ignoreCase) === null) ?? null;
}

/** A rule that a request passed by, and what of the request it was not for. */
export type PassedRule = { readonly rule: RouteRule; readonly mismatch: "method" | "host" | "path" };

/** The rules before the first that is for a request, each with why it is not. */
export function passedRules({ rules, ignoreCase }: RouteRules, request: OriginalRequest): PassedRule[] {
  const path = comparablePath(request, ignoreCase);
  const passed: PassedRule[] = [];
  for (const rule of rules) {
    const why = mismatch(rule, request, path, ignoreCase);
    if (why === null) break;
    passed.push({ rule, mismatch: why });
  }
  return passed;
}

/** Whether any rule names the host. */
export function isKnownHost({ rules }: RouteRules, host: string): boolean {
  return rules.some(({ hosts }) => matchesHost(hosts, host));
}
