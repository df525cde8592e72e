import { readFileSync } from "node:fs";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";

const vectorFile = z.object({
  rpId: z.string(),
  origin: z.string(),
  attestationRootDER: z.string(),
  vectors: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      alg: z.number(),
      credentialId: z.string(),
      registration: z.object({ challenge: z.string(), clientDataJSON: z.string(), attestationObject: z.string() }),
      authentication: z.object({
        challenge: z.string(),
        clientDataJSON: z.string(),
        authenticatorData: z.string(),
        signature: z.string(),
      }),
    }),
  ),
});

/** The vectors of W3C Web Authentication Level 3. */
export const w3c = vectorFile.parse(
  JSON.parse(readFileSync(new URL("../vectors/w3c-webauthn-l3-vectors.json", import.meta.url), "utf8")),
);

export type W3cVector = (typeof w3c.vectors)[number];

/** The user handle the vectors leave open. */
export const USER_HANDLE = Buffer.alloc(64, 7).toString("base64url");

const envelope = ({ credentialId }: W3cVector) =>
  ({ id: credentialId, rawId: credentialId, type: "public-key", clientExtensionResults: {} }) as const;

export function registrationOf(vector: W3cVector): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject } = vector.registration;
  return { ...envelope(vector), response: { clientDataJSON, attestationObject } };
}

export function authenticationOf(vector: W3cVector): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature } = vector.authentication;
  return { ...envelope(vector), response: { clientDataJSON, authenticatorData, signature, userHandle: USER_HANDLE } };
}
