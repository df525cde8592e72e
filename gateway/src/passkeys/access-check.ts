import type { Adapters } from "../adapters.ts";
import { OutageError } from "../errors.ts";
import { type AccessDecision, type AccessRequest, decideAccess, isPasskeyNeeded } from "../policy/access.ts";
import { dutyOf, isPasskeyMissing } from "../policy/passkey-duty.ts";
import type { RouteAccess } from "../policy/route-rule.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import { orElse, type Soon, whenThere } from "../soon.ts";

/** Decides on a request to the upstream, and asks for what the decision depends on. Never throws an OutageError. */
export type AccessCheck = (
  resolution: Resolution,
  request: { readonly access: RouteAccess; readonly pageLoad: boolean },
) => Soon<AccessDecision>;

type AccessCheckDeps = Pick<Adapters, "policy" | "clock"> & {
  readonly passkeySummary: Pick<Adapters["passkeySummary"], "of">;
};

/**
 * What the person has to do about passkeys, for the policy's sake or the rule's. Those who may have none go on where
 * only the policy asks; a rule that asks lets nobody on without.
 * @throws OutageError: nobody goes on without a passkey because it could not be asked.
 */
function dutyIn(
  { policy, passkeySummary }: AccessCheckDeps,
  session: UnifiedSession,
  access: RouteAccess,
): Soon<AccessRequest["duty"]> {
  if (access.kind !== "session") return "none";
  const byRule = isPasskeyNeeded(access, session);
  const needed = byRule || whenThere(policy(), ({ enforcement }) => isPasskeyMissing(enforcement, session));
  return whenThere(needed, (isNeeded) => {
    if (!isNeeded) return "none";
    return whenThere(passkeySummary.of(session.identity.id), (person) => {
      if (!person) throw new OutageError("postgres", new Error("whether this person may have a passkey is not known"));
      return byRule && !person.settings.enabled ? "disabled" : dutyOf(person);
    });
  });
}

function undecided(cause: unknown): AccessDecision {
  if (cause instanceof OutageError) return { kind: "undecided", cause };
  throw cause;
}

export function createAccessCheck(deps: AccessCheckDeps): AccessCheck {
  return (resolution, { access, pageLoad }) => {
    const now = deps.clock();
    const decide = (duty: AccessRequest["duty"]) => decideAccess(resolution, { access, pageLoad, duty, now });
    if (resolution.kind !== "authenticated") return decide("none");
    return orElse(() => whenThere(dutyIn(deps, resolution.session, access), decide), undecided);
  };
}
