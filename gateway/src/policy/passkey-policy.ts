/** What an organisation asks of passkeys; the members are those of GET /api/admin/policy. */
export type PasskeyPolicy = {
  /** Whether people with a password alone are left in peace, offered a passkey, or kept from the application. */
  readonly enforcement: "off" | "prompt" | "required";
  readonly userVerification: "required" | "preferred";
  readonly residentKey: "required" | "preferred" | "discouraged";
  readonly authenticatorAttachment: "any" | "platform" | "cross-platform";
  readonly attestation: "none" | "direct" | "enterprise";
  /** Whether the metadata has to name a FIDO certification for the authenticator. */
  readonly requireCertified: boolean;
  /** Lower-case UUIDs; empty: every model. */
  readonly allowedAaguids: readonly string[];
  readonly deniedAaguids: readonly string[];
  /** Whether a passkey may leave its device (backup eligibility, WebAuthn L3 6.1.3). */
  readonly allowSynced: boolean;
  readonly maxPasskeysPerUser: number;
};

/** The policy in force now. Rejects with OutageError when it was never known and cannot be asked. */
export type CurrentPolicy = () => PasskeyPolicy | Promise<PasskeyPolicy>;

/** The policy until an administrator changes it. @param maxPasskeysPerUser MAX_PASSKEYS_PER_USER. */
export function firstPolicy(maxPasskeysPerUser: number): PasskeyPolicy {
  return {
    enforcement: "off",
    userVerification: "required",
    residentKey: "required",
    authenticatorAttachment: "any",
    attestation: "none",
    requireCertified: false,
    allowedAaguids: [],
    deniedAaguids: [],
    allowSynced: true,
    maxPasskeysPerUser,
  };
}
