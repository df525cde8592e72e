import { generateRegistrationOptions, type PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import type { PasskeyPolicy } from "../policy/passkey-policy.ts";
import { challengeBytes } from "./ceremony.ts";
import type { Credential } from "./credential.ts";
import { ALGORITHMS, type RelyingParty } from "./relying-party.ts";

/** Where a person wants to keep a passkey (WebAuthn L3, 5.8.7). */
export type PasskeyHint = "client-device" | "security-key" | "hybrid";

export type RegistrationWish = {
  readonly challenge: string;
  readonly user: { readonly handle: string; readonly email: string; readonly name: string | null };
  readonly existing: readonly Pick<Credential, "id" | "transports">[];
  readonly hint?: PasskeyHint | undefined;
  /** A create without a dialog, after a sign-in by password: verification may be absent. */
  readonly conditional?: boolean;
};

/** WebAuthn L3, 5.8.7: what to ask of browsers that do not know hints. */
const ATTACHMENTS = {
  "client-device": "platform",
  "security-key": "cross-platform",
  hybrid: "cross-platform",
} as const satisfies Record<PasskeyHint, string>;

/** The policy's attachment wins: a browser heeds a hint before the attachment, so one against it is left out. */
function placeOf(policy: PasskeyPolicy, hint: PasskeyHint | undefined) {
  const asked = policy.authenticatorAttachment;
  const wanted = hint && ATTACHMENTS[hint];
  const attachment = asked === "any" ? wanted : asked;
  return { attachment, hints: hint && attachment === wanted ? [hint] : [] };
}

/** How a registration's user verification is asked for and judged. */
export const registrationVerification = (policy: PasskeyPolicy, conditional = false) =>
  conditional ? "preferred" : policy.userVerification;

/** The options of a registration (WebAuthn L3, 5.4) as the policy wants them. */
export async function registrationOptions(
  relyingParty: RelyingParty,
  policy: PasskeyPolicy,
  { challenge, user, existing, hint, conditional }: RegistrationWish,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { attachment, hints } = placeOf(policy, hint);
  const options = await generateRegistrationOptions({
    rpName: relyingParty.name,
    rpID: relyingParty.id,
    userName: user.email,
    userDisplayName: user.name ?? user.email,
    userID: challengeBytes(user.handle),
    challenge: challengeBytes(challenge),
    timeout: relyingParty.timeout,
    attestationType: policy.attestation,
    excludeCredentials: existing.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: {
      residentKey: policy.residentKey,
      userVerification: registrationVerification(policy, conditional),
      ...(attachment && { authenticatorAttachment: attachment }),
    },
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  return { ...options, hints };
}
