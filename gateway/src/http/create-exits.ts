import type { Adapters } from "../adapters.ts";
import { createAccessCheck } from "../passkeys/access-check.ts";
import { warnOfOtherHosts } from "../routes/host-warning.ts";
import { type CurrentRules, createRouteDecision } from "../routes/route-decision.ts";
import type { HttpProxy } from "../upstream/http-proxy.ts";
import { type AuthzDeps, createAuthzExit } from "./authz-exit.ts";
import { createExitAnswers } from "./exit-answer.ts";
import { createAskExit, createProxyExit, type Exit, type ExitDeps } from "./exits.ts";
import { createOriginalRequests } from "./original-requests.ts";
import { createTrust } from "./trusted-proxies.ts";

export type HttpExits = {
  /** For requests that came here to be proxied. */
  readonly proxy: Exit;
  /** For requests other proxies ask about. */
  readonly authz: Exit;
};

/**
 * What every way out of the gateway shares: the reading of a request, the decision, and what is answered. Warns of
 * hosts that people are not signed in at.
 */
export function createExits({ config, log, ...deps }: Adapters, rules: CurrentRules) {
  warnOfOtherHosts(config, rules, log);
  const { publicUrl, trustedProxies, passkeys } = config;
  const trusted = createTrust(trustedProxies);
  const check = createAccessCheck(deps);
  return {
    publicUrl,
    trusted,
    allowedOrigins: passkeys.origins,
    originals: createOriginalRequests({ publicUrl, trusted, rules }),
    decide: createRouteDecision(rules, check),
    check,
    answers: createExitAnswers(publicUrl),
  };
}

/** The exits over HTTP, which ask in one way. */
export function createHttpExits(
  deps: ExitDeps & Omit<AuthzDeps, "ask"> & { readonly sendOn: HttpProxy["handle"] },
): HttpExits {
  const ask = createAskExit(deps);
  return { proxy: createProxyExit(deps.originals, ask, deps.sendOn), authz: createAuthzExit({ ...deps, ask }) };
}
