import { type RegistrationResponseJSON, SettingsService, verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { Problem } from "../errors.ts";
import { requireTopLevelFrame } from "./client-data.ts";
import type { AttestationKind, Credential } from "./credential.ts";
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

/**
 * The library's own root, of Apple's, goes: with a root it follows the chain sent, and fetches the revocation lists whose
 * addresses that chain names, while somebody waits. Chains are judged here, by the FIDO metadata (attestation-chain.ts).
 * Its MetadataService is never initialized, for the same reason: it downloads when it is out of date.
 */
SettingsService.setRootCertificates({ identifier: "apple", certificates: [] });

export type RegistrationExpectation = {
  readonly challenge: string;
  readonly userVerification: UserVerification;
  /** False for a conditional create alone, where nobody touches the authenticator. */
  readonly userPresence: boolean;
};

/** Whether attestation certificates (DER, the authenticator's own first) prove that it is of the model it says. */
export type ProvesModel = (aaguid: string, certificates: readonly Uint8Array[]) => boolean;

/** What an authenticator proved of a new credential. */
export type VerifiedRegistration = Omit<
  Credential,
  "identityId" | "name" | "addressProved" | "createdAt" | "lastUsedAt" | "lastUsedFrom"
> & { readonly userVerified: boolean };

async function verified(
  relyingParty: RelyingParty,
  response: RegistrationResponseJSON,
  expected: RegistrationExpectation,
) {
  requireTopLevelFrame(response.response.clientDataJSON);
  const attestation = new Uint8Array(Buffer.from(response.response.attestationObject, "base64url"));
  const decoded = decodeAttestationObject(attestation);
  const format = decoded.get("fmt");
  const statement: unknown = decoded.get("attStmt");
  if (!(statement instanceof Map)) throw new Error("The attestation statement is no map");
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

type Verified = Awaited<ReturnType<typeof verified>>;

/** The library has checked the statement: it was signed with the key of the first certificate, for this AAGUID. */
function attestationOf(info: Verified, algorithm: number, provesModel: ProvesModel): AttestationKind {
  const { fmt, aaguid, attestationObject } = info;
  if (fmt === "none") return "none";
  const statement = decodeAttestationObject(attestationObject).get("attStmt");
  const certificates: unknown = statement.get("x5c");
  if (!Array.isArray(certificates)) {
    // WebAuthn L3, 8.2: self attestation is signed by the credential's own algorithm.
    if (statement.get("alg") !== algorithm) throw new Error("The statement's algorithm is not the credential's");
    return "unverified";
  }
  const chain = certificates.filter((certificate) => certificate instanceof Uint8Array);
  return provesModel(aaguid, chain) ? "verified" : "unverified";
}

function checked(response: RegistrationResponseJSON, info: Verified, provesModel: ProvesModel): VerifiedRegistration {
  const { credential } = info;
  if (credential.id !== response.id) throw new Error("The attested credential id is not the response's");
  if (Buffer.from(credential.id, "base64url").length > MAX_CREDENTIAL_ID_BYTES)
    throw new Error("Credential id too long");
  const algorithm = checkedAlgorithm(credential.publicKey);
  return {
    id: credential.id,
    publicKey: credential.publicKey,
    algorithm,
    counter: credential.counter,
    aaguid: info.aaguid,
    deviceType: info.credentialDeviceType === "multiDevice" ? "multi_device" : "single_device",
    backedUp: info.credentialBackedUp,
    transports: response.response.transports ?? [],
    attestation: attestationOf(info, algorithm, provesModel),
    userVerified: info.userVerified,
  };
}

/**
 * Verifies a registration (WebAuthn L3, 7.1): the library's checks, and those it leaves to its caller.
 * An attestation statement has to be correct in any case; what it proves is for `provesModel` to say.
 * @throws Problem verification_failed, its cause the failed check.
 */
export async function verifyRegistration(
  relyingParty: RelyingParty,
  response: RegistrationResponseJSON,
  expected: RegistrationExpectation,
  provesModel: ProvesModel = () => false,
): Promise<VerifiedRegistration> {
  try {
    return checked(response, await verified(relyingParty, response, expected), provesModel);
  } catch (cause) {
    throw new Problem("verification_failed", { cause });
  }
}
