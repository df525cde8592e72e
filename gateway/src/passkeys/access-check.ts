import type { Adapters } from "../adapters.ts";
import { OutageError } from "../errors.ts";
import { type AccessDecision, decideAccess } from "../policy/access.ts";
import { dutyOf, isPasskeyMissing, type PasskeyDuty } from "../policy/passkey-duty.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";

/** Decides on a request to the upstream, and asks for what the decision depends on. Never throws an OutageError. */
export type AccessCheck = (resolution: Resolution, request: { readonly pageLoad: boolean }) => Promise<AccessDecision>;

type AccessCheckDeps = Pick<Adapters, "policy" | "passkeySummary">;

/** @throws OutageError: where a passkey is required, nobody goes on without one because it could not be asked. */
async function dutyIn({ policy, passkeySummary }: AccessCheckDeps, session: UnifiedSession): Promise<PasskeyDuty> {
  const { enforcement } = await policy();
  if (!isPasskeyMissing(enforcement, session)) return "none";
  const person = await passkeySummary.of(session.identity.id);
  if (!person) throw new OutageError("postgres", new Error("whether this person may have a passkey is not known"));
  return dutyOf(person);
}

export function createAccessCheck(deps: AccessCheckDeps): AccessCheck {
  return async (resolution, { pageLoad }) => {
    if (resolution.kind !== "authenticated") return decideAccess(resolution, { pageLoad, duty: "none" });
    try {
      return decideAccess(resolution, { pageLoad, duty: await dutyIn(deps, resolution.session) });
    } catch (cause) {
      if (cause instanceof OutageError) return { kind: "undecided", cause };
      throw cause;
    }
  };
}
