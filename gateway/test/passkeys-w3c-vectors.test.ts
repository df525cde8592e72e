import { SettingsService, verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject, parseAuthenticatorData } from "@simplewebauthn/server/helpers";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyAuthentication } from "../src/passkeys/authentication-verifier.ts";
import type { DeviceType } from "../src/passkeys/credential.ts";
import { verifyRegistration } from "../src/passkeys/registration-verifier.ts";
import type { RelyingParty } from "../src/passkeys/relying-party.ts";
import { authenticationOf, registrationOf, USER_HANDLE, type W3cVector, w3c } from "./support/w3c-vectors.ts";

const verifies = "verifies";
type Verdict = typeof verifies | RegExp;

/** For each vector and ceremony: what the library alone says, trusting the vectors' root, and what the gateway says. */
type Expected = {
  readonly library: { readonly registration: Verdict; readonly authentication: Verdict };
  readonly gateway: { readonly registration: Verdict; readonly authentication: Verdict };
};

const both = (verdict: Verdict) => ({ registration: verdict, authentication: verdict });
const accepted: Expected = { library: both(verifies), gateway: both(verifies) };
const notOffered = (algorithm: number): Expected["gateway"] => ({
  registration: new RegExp(`Unexpected public key alg "${algorithm}"`),
  // Such a credential never came to be stored; the assertion itself is sound.
  authentication: verifies,
});

const EXPECTED: Readonly<Record<string, Expected>> = {
  "none-es256": accepted,
  "packed-self-es256": accepted,
  // The library lets a foreign frame pass where the client does not name it.
  "none-es256-crossOrigin": { library: both(verifies), gateway: both(/crossOrigin/) },
  "none-es256-topOrigin": {
    library: { registration: verifies, authentication: /cross-origin authentication response/ },
    gateway: both(/crossOrigin/),
  },
  "none-es256-long-credential-id": accepted,
  "packed-es256": accepted,
  "packed-es384": { library: both(verifies), gateway: notOffered(-35) },
  "packed-es512": { library: both(verifies), gateway: notOffered(-36) },
  "packed-rs256": accepted,
  "packed-eddsa": accepted,
  // The library verifies the attestation by its certificate, but knows no Ed448 credential key.
  "packed-ed448": {
    library: { registration: verifies, authentication: /invalid alg -53/ },
    gateway: { registration: /Unexpected public key alg "-53"/, authentication: /invalid alg -53/ },
  },
  // The vector's TPM maker is made up; the library knows the real ones only.
  "tpm-es256": {
    library: { registration: /TPM manufacturer/, authentication: verifies },
    gateway: { registration: /TPM manufacturer/, authentication: verifies },
  },
  // The vector sends its leaf alone; the library takes the last certificate sent for the root.
  "android-key-es256": {
    library: { registration: /certificate path/, authentication: verifies },
    gateway: { registration: /format android-key is not accepted/, authentication: verifies },
  },
  "apple-es256": accepted,
  // The vector has an AAGUID; FIDO U2F has none, and the library insists.
  "fido-u2f-es256": {
    library: { registration: /AAGUID/, authentication: verifies },
    gateway: { registration: /AAGUID/, authentication: verifies },
  },
};

const relyingParty: RelyingParty = {
  id: w3c.rpId,
  name: "W3C",
  origins: [w3c.origin],
  timeout: 300_000,
};

function attested(vector: W3cVector): { publicKey: Uint8Array<ArrayBuffer>; deviceType: DeviceType } {
  const object = new Uint8Array(Buffer.from(vector.registration.attestationObject, "base64url"));
  const { credentialPublicKey, flags } = parseAuthenticatorData(decodeAttestationObject(object).get("authData"));
  return {
    publicKey: new Uint8Array(credentialPublicKey ?? []),
    deviceType: flags.be ? "multi_device" : "single_device",
  };
}

// The vectors' authenticators verify nobody where it is not the point.
const RUNS = {
  library: {
    registration: async (vector: W3cVector) => {
      const { verified } = await verifyRegistrationResponse({
        response: registrationOf(vector),
        expectedChallenge: vector.registration.challenge,
        expectedOrigin: w3c.origin,
        expectedRPID: w3c.rpId,
        requireUserVerification: false,
        supportedAlgorithmIDs: [vector.alg],
      });
      expect(verified).toBe(true);
    },
    authentication: async (vector: W3cVector) => {
      const { verified } = await verifyAuthenticationResponse({
        response: authenticationOf(vector),
        expectedChallenge: vector.authentication.challenge,
        expectedOrigin: w3c.origin,
        expectedRPID: w3c.rpId,
        requireUserVerification: false,
        credential: { id: vector.credentialId, publicKey: attested(vector).publicKey, counter: 0 },
      });
      expect(verified).toBe(true);
    },
  },
  gateway: {
    registration: async (vector: W3cVector) => {
      const { challenge } = vector.registration;
      const expected = { challenge, userVerification: "preferred", userPresence: true } as const;
      const made = await verifyRegistration(relyingParty, registrationOf(vector), expected);
      expect(made).toMatchObject({ id: vector.credentialId, algorithm: vector.alg, ...deviceTypeOf(vector) });
    },
    authentication: async (vector: W3cVector) => {
      const { challenge } = vector.authentication;
      const expected = { challenge, userVerification: "preferred", userHandle: USER_HANDLE } as const;
      const known = { id: vector.credentialId, algorithm: vector.alg, ...attested(vector) };
      await verifyAuthentication(relyingParty, authenticationOf(vector), known, expected);
    },
  },
};

const deviceTypeOf = (vector: W3cVector) => ({ deviceType: attested(vector).deviceType });

async function verdictOf(run: () => Promise<void>): Promise<string> {
  try {
    await run();
    return verifies;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return String(cause instanceof Error ? cause.message : cause);
  }
}

beforeAll(() => {
  const certificates = [new Uint8Array(Buffer.from(w3c.attestationRootDER, "base64url"))];
  for (const identifier of ["packed", "apple", "android-key", "tpm", "fido-u2f"] as const) {
    SettingsService.setRootCertificates({ identifier, certificates });
  }
});

test("every vector has its row", () => {
  expect(w3c.vectors.map(({ id }) => id).toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
});

describe.each(w3c.vectors)("$title", (vector) => {
  const expected = EXPECTED[vector.id];
  for (const judge of ["library", "gateway"] as const) {
    for (const ceremony of ["registration", "authentication"] as const) {
      test(`${ceremony}, ${judge}`, async () => {
        const verdict = await verdictOf(() => RUNS[judge][ceremony](vector));
        expect(verdict).toMatch(expected?.[judge][ceremony] ?? /^no row$/);
      });
    }
  }
});

test("a changed challenge, origin or RP ID is refused for every vector that verifies", async () => {
  for (const vector of w3c.vectors.filter(({ id }) => EXPECTED[id] === accepted)) {
    const expected = {
      challenge: vector.registration.challenge,
      userVerification: "preferred",
      userPresence: true,
    } as const;
    const attempts = [
      [relyingParty, { ...expected, challenge: vector.authentication.challenge }],
      [{ ...relyingParty, origins: ["https://example.com"] }, expected],
      [{ ...relyingParty, origins: [] }, expected],
      [{ ...relyingParty, id: "example.com" }, expected],
    ] as const;
    for (const [party, expectation] of attempts) {
      const verdict = verifyRegistration(party, registrationOf(vector), expectation);
      await expect(verdict).rejects.toMatchObject({ code: "verification_failed" });
    }
  }
});
