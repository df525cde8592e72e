import type { RouteRule } from "../../src/policy/route-rule.ts";
import { defaultRules } from "../../src/routes/default-rules.ts";

/** A rule that lets everyone signed in on to an upstream. @param timeout milliseconds, of every kind. */
export function ruleFor(url: URL, timeout: number, change: Partial<RouteRule> = {}): RouteRule {
  const [rule] = defaultRules({ upstream: { url, timeout } }).rules;
  if (!rule) throw new Error("there is no default rule");
  return { ...rule, upstream: { url, timeout, idleTimeout: timeout }, ...change };
}
