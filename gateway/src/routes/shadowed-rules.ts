import { matchesHost } from "../policy/route-match.ts";
import type { PathPattern, RouteRule, RouteRules } from "../policy/route-rule.ts";

function coversHosts(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier.length === 0) return true;
  return later.length > 0 && later.every((host) => earlier.includes(host) || matchesHost(earlier, host));
}

function coversMethods(earlier: readonly string[], later: readonly string[]): boolean {
  return earlier.length === 0 || (later.length > 0 && later.every((method) => earlier.includes(method)));
}

const isWithin = (path: string, prefix: string) => prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);

function coversPath(earlier: PathPattern, later: PathPattern, ignoreCase: boolean): boolean {
  if (earlier.kind === "prefix" && earlier.path === "/") return true;
  if (later.kind === "regex") return earlier.kind === "regex" && earlier.source === later.source;
  const [own, path] = [earlier.kind === "regex" ? "" : earlier.path, later.path].map((text) =>
    ignoreCase ? text.toLowerCase() : text,
  );
  if (own === undefined || path === undefined) return false;
  if (earlier.kind === "prefix") return isWithin(path, own);
  if (later.kind === "prefix") return false;
  return earlier.kind === "exact" ? own === path : earlier.test(path);
}

/**
 * The rules that never count, because one earlier rule is for every request of theirs. Rules that several earlier ones
 * hide together, and most regular expressions, are not found.
 * @returns each with the rule that hides it.
 */
export function shadowedRules({ rules, ignoreCase }: RouteRules): { rule: RouteRule; by: RouteRule }[] {
  return rules.flatMap((rule, at) => {
    const by = rules
      .slice(0, at)
      .find(
        (earlier) =>
          coversHosts(earlier.hosts, rule.hosts) &&
          coversMethods(earlier.methods, rule.methods) &&
          coversPath(earlier.path, rule.path, ignoreCase),
      );
    return by ? [{ rule, by }] : [];
  });
}
