import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from "@simplewebauthn/server";
import { Problem } from "../errors.ts";
import { requireTopLevelFrame } from "./client-data.ts";
import type { Credential } from "./credential.ts";
import { isEcdsaDer } from "./ecdsa-signature.ts";
import type { RelyingParty, UserVerification } from "./relying-party.ts";

export type AuthenticationExpectation = {
  readonly challenge: string;
  readonly userVerification: UserVerification;
  /** The identity's user handle in base64url. */
  readonly userHandle: string;
  /** True where the options named the credentials. */
  readonly userHandleOptional?: boolean;
};

/** What an authenticator proved with an assertion. */
export type VerifiedAuthentication = {
  readonly counter: number;
  readonly backedUp: boolean;
  readonly userVerified: boolean;
};

export type KnownCredential = Pick<Credential, "id" | "publicKey" | "algorithm" | "deviceType">;

const ES256 = -7;

function requireOneSpelling(signature: string, algorithm: number): void {
  if (algorithm === ES256 && !isEcdsaDer(Buffer.from(signature, "base64url")))
    throw new Error("The signature is no DER");
}

async function checked(
  relyingParty: RelyingParty,
  response: AuthenticationResponseJSON,
  credential: KnownCredential,
  expected: AuthenticationExpectation,
): Promise<VerifiedAuthentication> {
  requireTopLevelFrame(response.response.clientDataJSON);
  requireOneSpelling(response.response.signature, credential.algorithm);
  if (response.id !== credential.id) throw new Error("The response is not of this credential");
  // A discoverable credential names its account; one that is not has to be listed (WebAuthn L3, 7.2 step 6).
  const named = response.response.userHandle !== undefined || !expected.userHandleOptional;
  if (named && response.response.userHandle !== expected.userHandle)
    throw new Error("The user handle is not the owner's");
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: expected.challenge,
    expectedOrigin: [...relyingParty.origins],
    expectedRPID: [relyingParty.id],
    expectedType: "webauthn.get",
    requireUserVerification: expected.userVerification === "required",
    // With 0 the library lets every counter pass: it would judge before the signature is checked, so that anyone
    // could raise the alarm of a cloned authenticator. The ceremony judges after, against the row it changes.
    credential: { id: credential.id, publicKey: new Uint8Array(credential.publicKey), counter: 0 },
  });
  if (!verified) throw new Error("The signature is wrong");
  const multiDevice = authenticationInfo.credentialDeviceType === "multiDevice";
  if (multiDevice !== (credential.deviceType === "multi_device")) throw new Error("The backup eligibility changed");
  return {
    counter: authenticationInfo.newCounter,
    backedUp: authenticationInfo.credentialBackedUp,
    userVerified: authenticationInfo.userVerified,
  };
}

/**
 * Verifies an assertion (WebAuthn L3, 7.2): the library's checks, and those it leaves to its caller. The counter is
 * handed back unjudged.
 * @throws Problem verification_failed, its cause the failed check.
 */
export async function verifyAuthentication(
  relyingParty: RelyingParty,
  response: AuthenticationResponseJSON,
  credential: KnownCredential,
  expected: AuthenticationExpectation,
): Promise<VerifiedAuthentication> {
  try {
    return await checked(relyingParty, response, credential, expected);
  } catch (cause) {
    throw new Problem("verification_failed", { cause });
  }
}
