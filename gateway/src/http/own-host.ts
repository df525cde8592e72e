import type { RequestHandler } from "express";
import { readRequestTarget } from "../policy/request-target.ts";
import { isKnownHost } from "../policy/route-match.ts";
import type { CurrentRules } from "../routes/route-decision.ts";

/**
 * Sends people who open one of the gateway's own pages at another host of the rules to PUBLIC_URL's: passkeys and
 * whatever changes something work there alone.
 */
export function createOwnHost(publicUrl: URL, rules: CurrentRules): RequestHandler {
  return ({ host, originalUrl }, response, next) => {
    const target = host === publicUrl.host ? null : readRequestTarget(originalUrl);
    if (!target || !isKnownHost(rules(), host.toLowerCase())) return next();
    response.set("Cache-Control", "no-store").redirect(302, publicUrl.origin + target.path + target.query);
  };
}
