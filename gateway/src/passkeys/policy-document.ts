import { z } from "zod";
import type { PasskeyPolicy } from "../policy/passkey-policy.ts";

const MAX_AAGUIDS = 500;
const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const aaguids = z
  .array(z.string().regex(AAGUID, "is not an AAGUID in lower case"))
  .max(MAX_AAGUIDS)
  .refine((list) => new Set(list).size === list.length, "names a model twice");

/** The policy's members by the names the contract and the database give them. */
export const policyDocument = z.object({
  enforcement: z.enum(["off", "prompt", "required"]),
  user_verification: z.enum(["required", "preferred"]),
  resident_key: z.enum(["required", "preferred", "discouraged"]),
  authenticator_attachment: z.enum(["any", "platform", "cross-platform"]),
  attestation: z.enum(["none", "direct", "enterprise"]),
  require_certified: z.boolean(),
  allowed_aaguids: aaguids,
  denied_aaguids: aaguids,
  allow_synced: z.boolean(),
  max_passkeys_per_user: z.number().int().min(1).max(100),
});

export type PolicyDocument = z.infer<typeof policyDocument>;

export function toPolicyDocument(policy: PasskeyPolicy): PolicyDocument {
  return {
    enforcement: policy.enforcement,
    user_verification: policy.userVerification,
    resident_key: policy.residentKey,
    authenticator_attachment: policy.authenticatorAttachment,
    attestation: policy.attestation,
    require_certified: policy.requireCertified,
    allowed_aaguids: [...policy.allowedAaguids],
    denied_aaguids: [...policy.deniedAaguids],
    allow_synced: policy.allowSynced,
    max_passkeys_per_user: policy.maxPasskeysPerUser,
  };
}

export function fromPolicyDocument(document: PolicyDocument): PasskeyPolicy {
  return {
    enforcement: document.enforcement,
    userVerification: document.user_verification,
    residentKey: document.resident_key,
    authenticatorAttachment: document.authenticator_attachment,
    attestation: document.attestation,
    requireCertified: document.require_certified,
    allowedAaguids: document.allowed_aaguids,
    deniedAaguids: document.denied_aaguids,
    allowSynced: document.allow_synced,
    maxPasskeysPerUser: document.max_passkeys_per_user,
  };
}
