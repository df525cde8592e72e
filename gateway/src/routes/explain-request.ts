import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { createExitAnswers, type ExitAnswer } from "../http/exit-answer.ts";
import { isOwnPath } from "../http/own-paths.ts";
import { createAccessCheck } from "../passkeys/access-check.ts";
import type { OriginalRequest } from "../policy/original-request.ts";
import { FIRST_SETTINGS } from "../policy/passkey-duty.ts";
import { firstPolicy } from "../policy/passkey-policy.ts";
import { findRule, type PassedRule, passedRules } from "../policy/route-match.ts";
import type { RouteRule, RouteRules } from "../policy/route-rule.ts";
import { describeAccess, describePassage, describePath } from "./describe-rule.ts";
import { ANYONE_SIGNED_IN, type Imagined, imaginedResolution } from "./imagined-person.ts";
import { createRouteDecision, type DecideRoute } from "./route-decision.ts";

export type ExplainDeps = {
  readonly config: Pick<Config, "publicUrl" | "passkeys">;
  readonly rules: RouteRules;
  readonly clock: Clock;
  /** Where a rule is written. */
  readonly placeOf: (rule: RouteRule) => string;
};

/** What there is to say, and whether the person asked about may pass. */
export type Explanation = { readonly lines: readonly string[]; readonly passes: boolean };

/** The gateway's own decision; of what it would ask its database, everyone has one passkey and the policy wants none. */
function createDecision({ config, rules, clock }: ExplainDeps): DecideRoute {
  const check = createAccessCheck({
    clock,
    policy: async () => firstPolicy(config.passkeys.maxPerUser),
    passkeySummary: { of: async () => ({ count: 1, settings: FIRST_SETTINGS }) },
  });
  return createRouteDecision(() => rules, check);
}

function describeAnswer(answer: ExitAnswer): string {
  if (answer.kind === "pass") return "passes";
  const { status, code } = answer.problem;
  return answer.kind === "redirect" ? `sent to ${answer.location}` : `refused with ${status} ${code}`;
}

const MISMATCHES: Readonly<Record<PassedRule["mismatch"], (rule: RouteRule) => string>> = {
  method: ({ methods }) => `it is for ${methods.join(", ")}`,
  host: ({ hosts }) => `it is for the host ${hosts.join(" or ")}`,
  path: (rule) => `it is for ${describePath(rule)}`,
};

function ruleLines({ rules, placeOf }: ExplainDeps, original: OriginalRequest): string[] {
  const passed = passedRules(rules, original).map(
    (entry) => `  not by    ${entry.rule.name} (${placeOf(entry.rule)}): ${MISMATCHES[entry.mismatch](entry.rule)}`,
  );
  const rule = findRule(rules, original);
  if (!rule) return [...passed, "  decided   by no rule: refused with 403 forbidden, whoever asks"];
  const passage = rule.access.kind === "deny" ? [] : describePassage(rule).map((line) => `  ${line}`);
  const decided = [`  decided   by ${rule.name} (${placeOf(rule)})`, `  needs     ${describeAccess(rule.access)}`];
  return [...passed, ...decided, ...passage];
}

/**
 * Says what the gateway would do with a request, by asking what decides in the gateway.
 * @param as undefined: nobody and somebody signed in are told of, and nothing is asked about one of them.
 */
export async function explainRequest(
  deps: ExplainDeps,
  original: OriginalRequest,
  as: { readonly words: string; readonly person: Imagined } | undefined,
): Promise<Explanation> {
  const { method, host, path, query } = original;
  const asked = `${method} ${host}${path}${query}`;
  if (isOwnPath(path)) {
    return { lines: [asked, "  The gateway answers there itself: no rule is asked."], passes: true };
  }
  const decide = createDecision(deps);
  const answers = createExitAnswers(deps.config.publicUrl);
  const answerFor = async (person: Imagined, pageLoad: boolean) => {
    const request = { ...original, pageLoad };
    return answers(request, await decide(request, async () => imaginedResolution(person, deps.clock)));
  };
  const line = async (who: string, person: Imagined) => {
    const [page, call] = [await answerFor(person, true), await answerFor(person, false)].map(describeAnswer);
    return page === call ? `  ${who}: ${call}` : `  ${who}: page load ${page}; other request ${call}`;
  };
  const lines = [
    asked,
    ...ruleLines(deps, original),
    await line("nobody signed in", null),
    await line("someone signed in, no more", ANYONE_SIGNED_IN),
    ...(as ? [await line(as.words, as.person)] : []),
  ];
  return { lines, passes: !as || (await answerFor(as.person, false)).kind === "pass" };
}
