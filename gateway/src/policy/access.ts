import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import type { PasskeyDuty } from "./passkey-duty.ts";
import type { RouteAccess, SessionNeeds } from "./route-rule.ts";

/** What a decision looks at besides the session. */
export type AccessRequest = {
  readonly access: RouteAccess;
  readonly pageLoad: boolean;
  /** "disabled": a passkey is needed, and this person may have none. */
  readonly duty: PasskeyDuty | "disabled";
  readonly now: Date;
};

/** A page load is sent where the person can do what is missing, any other request is refused. */
export type Answer = "redirect" | "refusal";

/** What someone signed in has to do first: confirm the address, add or use a passkey, or sign in once more. */
export type Step = "verify" | "add-passkey" | "use-passkey" | "aal2" | "sign-in-again";

/** The request may pass; a session of null is a request of nobody, where anyone may. */
export type Allowance = { readonly kind: "allow"; readonly session: UnifiedSession | null };

/** What is done with a request. */
export type AccessDecision =
  | Allowance
  | { readonly kind: "authenticate"; readonly by: Answer }
  | { readonly kind: "step-up"; readonly by: Answer; readonly step: Step }
  | { readonly kind: "forbid"; readonly code: "forbidden" | "passkeys_disabled" }
  | { readonly kind: "undecided"; readonly cause: unknown };

/** Whether a rule needs of this session what a passkey brings. */
export function isPasskeyNeeded({ passkey, aal2 }: SessionNeeds, { methods, aal }: UnifiedSession): boolean {
  return (passkey && !methods.includes("passkey")) || (aal2 && aal !== "aal2");
}

/** The address first: a passkey of somebody who never had it would be taken away once its owner came. */
function missingStep(session: UnifiedSession, needs: SessionNeeds, { duty, now }: AccessRequest): Step | null {
  if (needs.verified && !session.identity.emailVerified) return "verify";
  if (duty === "add") return "add-passkey";
  if (duty === "use") return needs.aal2 && session.aal !== "aal2" ? "aal2" : "use-passkey";
  const age = now.getTime() - session.authenticatedAt.getTime();
  return needs.fresh !== null && age > needs.fresh ? "sign-in-again" : null;
}

function decideForPerson(session: UnifiedSession, needs: SessionNeeds, request: AccessRequest): AccessDecision {
  const { roles } = session.identity;
  if (needs.roles.length > 0 && !needs.roles.some((role) => roles.includes(role))) {
    return { kind: "forbid", code: "forbidden" };
  }
  if (request.duty === "disabled") return { kind: "forbid", code: "passkeys_disabled" };
  const step = missingStep(session, needs, request);
  if (step === null) return { kind: "allow", session };
  return { kind: "step-up", step, by: request.pageLoad ? "redirect" : "refusal" };
}

/**
 * The one decision behind every exit of the gateway. Pure: the caller has asked the session sources and the policy.
 * An outage is its own outcome and never "sign in"; what is public does not depend on anything.
 */
export function decideAccess(resolution: Resolution, request: AccessRequest): AccessDecision {
  const { access, pageLoad } = request;
  if (access.kind === "deny") return { kind: "forbid", code: "forbidden" };
  if (access.kind === "public") {
    return { kind: "allow", session: resolution.kind === "authenticated" ? resolution.session : null };
  }
  if (resolution.kind === "undecided") return { kind: "undecided", cause: resolution.cause };
  if (resolution.kind === "anonymous") return { kind: "authenticate", by: pageLoad ? "redirect" : "refusal" };
  return decideForPerson(resolution.session, access, request);
}
