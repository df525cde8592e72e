import type { IncomingMessage } from "node:http";
import type { AccessCheck } from "../passkeys/access-check.ts";
import type { RouteAccess, RouteRule } from "../policy/route-rule.ts";
import type { Resolution } from "../sessions/session.ts";
import type { SessionResolver } from "../sessions/session-resolver.ts";

/** Recency is asked for when a connection is opened: it was, and a connection does not grow older than its person. */
const withoutRecency = (access: RouteAccess): RouteAccess =>
  access.kind === "session" ? { ...access, fresh: null } : access;

export type AdmittedSessionDeps = { readonly resolve: SessionResolver; readonly check: AccessCheck };

/**
 * Who is signed in on a connection that was admitted by a rule, asked again later: nobody where that rule would not
 * let the person on any more, as after the end of the session that brought `aal2`, or without a role.
 */
export function admittedSession(
  { resolve, check }: AdmittedSessionDeps,
  request: IncomingMessage,
  { access }: Pick<RouteRule, "access">,
): () => Promise<Resolution> {
  const needs = withoutRecency(access);
  return async () => {
    const resolution = await resolve(request, { activity: false });
    const decision = await check(resolution, { access: needs, pageLoad: false });
    if (decision.kind === "allow") return resolution;
    return decision.kind === "undecided" ? decision : { kind: "anonymous" };
  };
}
