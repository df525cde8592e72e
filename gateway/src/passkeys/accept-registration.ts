import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import { authenticatorRefusal } from "../policy/authenticator-rules.ts";
import type { CurrentPolicy } from "../policy/passkey-policy.ts";
import { chainReachesRoot } from "./attestation-chain.ts";
import type { ChallengeRecord } from "./challenge-store.ts";
import type { FindModel } from "./metadata-models.ts";
import { type VerifiedRegistration, verifyRegistration } from "./registration-verifier.ts";
import type { RelyingParty } from "./relying-party.ts";

export type AcceptanceDeps = {
  readonly relyingParty: RelyingParty;
  readonly policy: CurrentPolicy;
  readonly findModel: FindModel;
  readonly audit: AuditLog;
  readonly clock: Clock;
};

export type AcceptedRegistration = VerifiedRegistration & { readonly maxPasskeysPerUser: number };

/**
 * Verifies a registration and holds its authenticator against the policy that was in force when it began.
 * @param identityId whose it becomes; null where the account is not made yet.
 * @returns the credential's facts, and how many passkeys that policy lets its owner have.
 * @throws Problem verification_failed, authenticator_not_allowed; OutageError.
 */
export async function acceptRegistration(
  deps: AcceptanceDeps,
  record: ChallengeRecord,
  response: RegistrationResponseJSON,
  identityId: string | null,
): Promise<AcceptedRegistration> {
  // A record without a policy is the last release's.
  const policy = record.policy ?? (await deps.policy());
  const verified = await verifyRegistration(deps.relyingParty, response, record, (aaguid, certificates) =>
    chainReachesRoot(certificates, deps.findModel(aaguid)?.roots ?? [], deps.clock()),
  );
  const { id, aaguid, attestation } = verified;
  const statuses = deps.findModel(aaguid)?.statuses(deps.clock()) ?? [];
  const synced = verified.deviceType === "multi_device";
  const detail = authenticatorRefusal(policy, { aaguid, synced, attestation, statuses });
  if (detail) {
    const owner = identityId === null ? {} : { identityId };
    const facts = { aaguid, synced, attestation, reason: detail };
    deps.audit({ event: "passkey.authenticator_refused", ...owner, credentialId: id, detail: facts });
    throw new Problem("authenticator_not_allowed", { detail });
  }
  return { ...verified, maxPasskeysPerUser: policy.maxPasskeysPerUser };
}
