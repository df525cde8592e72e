import type { Adapters } from "../adapters.ts";
import { OutageError } from "../errors.ts";
import { type AccessDecision, type AccessRequest, decideAccess, isPasskeyNeeded } from "../policy/access.ts";
import { dutyOf, isPasskeyMissing } from "../policy/passkey-duty.ts";
import type { RouteAccess } from "../policy/route-rule.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";

/** Decides on a request to the upstream, and asks for what the decision depends on. Never throws an OutageError. */
export type AccessCheck = (
  resolution: Resolution,
  request: { readonly access: RouteAccess; readonly pageLoad: boolean },
) => Promise<AccessDecision>;

type AccessCheckDeps = Pick<Adapters, "policy" | "clock"> & {
  readonly passkeySummary: Pick<Adapters["passkeySummary"], "of">;
};

/**
 * What the person has to do about passkeys, for the policy's sake or the rule's. Those who may have none go on where
 * only the policy asks; a rule that asks lets nobody on without.
 * @throws OutageError: nobody goes on without a passkey because it could not be asked.
 */
async function dutyIn(
  { policy, passkeySummary }: AccessCheckDeps,
  session: UnifiedSession,
  access: RouteAccess,
): Promise<AccessRequest["duty"]> {
  if (access.kind !== "session") return "none";
  const byRule = isPasskeyNeeded(access, session);
  if (!byRule && !isPasskeyMissing((await policy()).enforcement, session)) return "none";
  const person = await passkeySummary.of(session.identity.id);
  if (!person) throw new OutageError("postgres", new Error("whether this person may have a passkey is not known"));
  return byRule && !person.settings.enabled ? "disabled" : dutyOf(person);
}

export function createAccessCheck(deps: AccessCheckDeps): AccessCheck {
  return async (resolution, { access, pageLoad }) => {
    const now = deps.clock();
    if (resolution.kind !== "authenticated") return decideAccess(resolution, { access, pageLoad, duty: "none", now });
    try {
      const duty = await dutyIn(deps, resolution.session, access);
      return decideAccess(resolution, { access, pageLoad, duty, now });
    } catch (cause) {
      if (cause instanceof OutageError) return { kind: "undecided", cause };
      throw cause;
    }
  };
}
