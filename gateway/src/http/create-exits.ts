import type { Adapters } from "../adapters.ts";
import type { Config } from "../config.ts";
import { createAccessCheck } from "../passkeys/access-check.ts";
import { warnOfOtherHosts } from "../routes/host-warning.ts";
import { type CurrentRules, createRouteDecision } from "../routes/route-decision.ts";
import type { IdentityTokens } from "../upstream/identity-token.ts";
import { createAuthzRoutes } from "./authz-routes.ts";
import { createExitAnswers } from "./exit-answer.ts";
import type { BrowserResolver } from "./guards.ts";
import { createOriginalRequests } from "./original-requests.ts";
import { createAskExit, createRouteGuard } from "./route-guard.ts";
import { createTrust } from "./trusted-proxies.ts";

type ExitsDeps = Pick<Adapters, "config" | "log" | "policy" | "passkeySummary" | "clock">;

/** What every way out of the gateway shares: the reading of a request, the decision, and what is answered. */
export function createExits({ config, log, ...deps }: ExitsDeps, rules: CurrentRules) {
  warnOfOtherHosts(config, rules, log);
  const trusted = createTrust(config.trustedProxies);
  return {
    trusted,
    originals: createOriginalRequests({ publicUrl: config.publicUrl, trusted, rules }),
    decide: createRouteDecision(rules, createAccessCheck(deps)),
    answers: createExitAnswers(config.publicUrl),
  };
}

/** The exits over HTTP: for requests that came here, and for those other proxies ask about. */
export function createHttpExits(
  { publicUrl, passkeys }: Config,
  exits: ReturnType<typeof createExits>,
  resolve: BrowserResolver,
  tokens: IdentityTokens,
) {
  const ask = createAskExit({ ...exits, resolve });
  return {
    routeGuard: createRouteGuard(exits.originals, ask),
    authz: createAuthzRoutes({ ...exits, ask, publicUrl, allowedOrigins: passkeys.origins, tokens }),
  };
}
