import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import { chainReachesRoot } from "../passkeys/attestation-chain.ts";
import type { FindModel } from "../passkeys/metadata-models.ts";
import type { ProvesModel, VerifiedRegistration } from "../passkeys/registration-verifier.ts";
import { authenticatorRefusal } from "../policy/authenticator-rules.ts";
import { firstPolicy } from "../policy/passkey-policy.ts";

export type ModelJudgeDeps = { readonly findModel: FindModel; readonly clock: Clock };

/**
 * Judges authenticators as the tool expects it: one whose model the metadata name has to prove itself where it sends
 * certificates, whatever the policy, and must not be compromised.
 */
export function createModelJudge({ findModel, clock }: ModelJudgeDeps) {
  const provesModel: ProvesModel = (aaguid, certificates) => {
    const model = findModel(aaguid);
    if (model && !chainReachesRoot(certificates, model.roots, clock()))
      throw new Error("The certificates do not lead to a root of their model");
    return model !== undefined;
  };
  /** Throws Problem authenticator_not_allowed. */
  const refuseCompromised = ({ aaguid, deviceType, attestation }: VerifiedRegistration): void => {
    const statuses = findModel(aaguid)?.statuses(clock()) ?? [];
    const facts = { aaguid, synced: deviceType === "multi_device", attestation, statuses };
    const detail = authenticatorRefusal(firstPolicy(1), facts);
    if (detail) throw new Problem("authenticator_not_allowed", { detail });
  };
  return { provesModel, refuseCompromised };
}
