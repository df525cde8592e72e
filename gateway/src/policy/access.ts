import type { Resolution, UnifiedSession } from "../sessions/session.ts";

/** What a decision looks at besides the session. */
export type AccessRequest = { readonly pageLoad: boolean };

/** What is done with a request; "authenticate" says how: a page load is sent to the sign-in page, any other refused. */
export type AccessDecision =
  | { readonly kind: "allow"; readonly session: UnifiedSession }
  | { readonly kind: "authenticate"; readonly by: "redirect" | "refusal" }
  | { readonly kind: "undecided"; readonly cause: unknown };

/**
 * The one decision behind every exit of the gateway. Pure: the caller has asked the session sources.
 * An outage is its own outcome and never "sign in".
 */
export function decideAccess(resolution: Resolution, request: AccessRequest): AccessDecision {
  if (resolution.kind === "undecided") return { kind: "undecided", cause: resolution.cause };
  if (resolution.kind === "authenticated") return { kind: "allow", session: resolution.session };
  return { kind: "authenticate", by: request.pageLoad ? "redirect" : "refusal" };
}
