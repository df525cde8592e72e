import type { AccessCheck } from "../passkeys/access-check.ts";
import type { AccessDecision, Allowance } from "../policy/access.ts";
import type { OriginalRequest } from "../policy/original-request.ts";
import { findRule } from "../policy/route-match.ts";
import type { RouteRule, RouteRules } from "../policy/route-rule.ts";
import type { Resolution } from "../sessions/session.ts";
import { type Soon, whenThere } from "../soon.ts";

/** The rules in force now. */
export type CurrentRules = () => RouteRules;

/** What the rules make of a request, and which of them did; without a rule nobody may pass. */
export type RouteDecision =
  | (Allowance & { readonly rule: RouteRule })
  | (Exclude<AccessDecision, Allowance> & { readonly rule: RouteRule | null });

/** The decision of every exit. @param whoAsks asked only where the answer depends on it. */
export type DecideRoute = (request: OriginalRequest, whoAsks: () => Soon<Resolution>) => Soon<RouteDecision>;

/** Finds the rule for a request and decides by it. Never throws an OutageError. */
export function createRouteDecision(rules: CurrentRules, check: AccessCheck): DecideRoute {
  return (request, whoAsks) => {
    const rule = findRule(rules(), request);
    if (!rule || rule.access.kind === "deny") return { kind: "forbid", code: "forbidden", rule };
    const { access } = rule;
    const decision = whenThere(whoAsks(), (resolution) => check(resolution, { access, pageLoad: request.pageLoad }));
    return whenThere(decision, (decided) => ({ ...decided, rule }));
  };
}
