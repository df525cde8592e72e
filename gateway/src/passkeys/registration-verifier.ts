import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { Problem } from "../errors.ts";
import { requireTopLevelFrame } from "./client-data.ts";
import type { Credential } from "./credential.ts";
import { checkedAlgorithm } from "./credential-public-key.ts";
import { ALGORITHMS, type RelyingParty, type UserVerification } from "./relying-party.ts";

/** WebAuthn L3, 7.1 step 25: an RP refuses longer ids. */
const MAX_CREDENTIAL_ID_BYTES = 1023;

/**
 * Statements that are read although none was asked for: browsers drop the others' (WebAuthn L3, 5.1.3 step 24).
 * Those of Android are left out: before it compares the root the library follows a chain to the sender's own, and
 * fetches the revocation lists whose addresses that chain names.
 */
const FORMATS: readonly unknown[] = ["none", "packed", "tpm", "apple", "fido-u2f"];

export type RegistrationExpectation = {
  readonly challenge: string;
  readonly userVerification: UserVerification;
  /** False for a conditional create alone, where nobody touches the authenticator. */
  readonly userPresence: boolean;
};

/** What an authenticator proved of a new credential. */
export type VerifiedRegistration = Omit<Credential, "identityId" | "name" | "createdAt" | "lastUsedAt">;

async function verified(
  relyingParty: RelyingParty,
  response: RegistrationResponseJSON,
  expected: RegistrationExpectation,
) {
  requireTopLevelFrame(response.response.clientDataJSON);
  const attestation = new Uint8Array(Buffer.from(response.response.attestationObject, "base64url"));
  const format = decodeAttestationObject(attestation).get("fmt");
  if (!FORMATS.includes(format)) throw new Error(`The attestation format ${String(format)} is not accepted`);
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: expected.challenge,
    expectedOrigin: [...relyingParty.origins],
    expectedRPID: relyingParty.id,
    expectedType: "webauthn.create",
    requireUserPresence: expected.userPresence,
    requireUserVerification: expected.userVerification === "required",
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!registrationInfo) throw new Error("The attestation signature is wrong");
  return registrationInfo;
}

function checked(response: RegistrationResponseJSON, info: Awaited<ReturnType<typeof verified>>): VerifiedRegistration {
  const { credential } = info;
  if (credential.id !== response.id) throw new Error("The attested credential id is not the response's");
  if (Buffer.from(credential.id, "base64url").length > MAX_CREDENTIAL_ID_BYTES)
    throw new Error("Credential id too long");
  return {
    id: credential.id,
    publicKey: credential.publicKey,
    algorithm: checkedAlgorithm(credential.publicKey),
    counter: credential.counter,
    aaguid: info.aaguid,
    deviceType: info.credentialDeviceType === "multiDevice" ? "multi_device" : "single_device",
    backedUp: info.credentialBackedUp,
    transports: response.response.transports ?? [],
    attestation: info.fmt === "none" ? "none" : "unverified",
  };
}

/**
 * Verifies a registration (WebAuthn L3, 7.1): the library's checks, and those it leaves to its caller.
 * An attestation statement has to be correct, but as no root is trusted it proves no make: "unverified".
 * @throws Problem verification_failed, its cause the failed check.
 */
export async function verifyRegistration(
  relyingParty: RelyingParty,
  response: RegistrationResponseJSON,
  expected: RegistrationExpectation,
): Promise<VerifiedRegistration> {
  try {
    return checked(response, await verified(relyingParty, response, expected));
  } catch (cause) {
    throw new Problem("verification_failed", { cause });
  }
}
