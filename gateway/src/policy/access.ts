import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import type { PasskeyDuty } from "./passkey-duty.ts";

/** What a decision looks at besides the session. */
export type AccessRequest = { readonly pageLoad: boolean; readonly duty: PasskeyDuty };

/** A page load is sent where the person can do what is missing, any other request is refused. */
type Answer = "redirect" | "refusal";

/** What is done with a request. "passkey": signed in, but not before a passkey was added or used. */
export type AccessDecision =
  | { readonly kind: "allow"; readonly session: UnifiedSession }
  | { readonly kind: "authenticate"; readonly by: Answer }
  | { readonly kind: "passkey"; readonly by: Answer; readonly duty: Exclude<PasskeyDuty, "none"> }
  | { readonly kind: "undecided"; readonly cause: unknown };

/**
 * The one decision behind every exit of the gateway. Pure: the caller has asked the session sources and the policy.
 * An outage is its own outcome and never "sign in".
 */
export function decideAccess(resolution: Resolution, { pageLoad, duty }: AccessRequest): AccessDecision {
  if (resolution.kind === "undecided") return { kind: "undecided", cause: resolution.cause };
  const by = pageLoad ? "redirect" : "refusal";
  if (resolution.kind === "anonymous") return { kind: "authenticate", by };
  if (duty !== "none") return { kind: "passkey", by, duty };
  return { kind: "allow", session: resolution.session };
}
