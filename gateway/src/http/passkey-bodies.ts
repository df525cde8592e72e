import { z } from "zod";
import { Problem } from "../errors.ts";
import { emailAddress } from "./email-address.ts";
import { base64url, readBody } from "./request-body.ts";

/** WebAuthn L3, 7.1 step 25. */
const MAX_ID_BYTES = 1023;
const MAX_CLIENT_DATA_BYTES = 4_096;
/** Room for a chain of attestation certificates. */
const MAX_ATTESTATION_BYTES = 32_768;
const MAX_AUTHENTICATOR_DATA_BYTES = 4_096;
/** RSA of 8192 bits. */
const MAX_SIGNATURE_BYTES = 1_024;
const MAX_USER_HANDLE_BYTES = 64;
const MAX_NAME = 100;

const credentialId = base64url(1, MAX_ID_BYTES);
const clientDataJSON = base64url(1, MAX_CLIENT_DATA_BYTES);

/**
 * Transports are kept as sent, known or not: WebAuthn L3, 5.2.1 wants unknown ones stored, for a browser that knows them.
 * What could not be the name of one is refused.
 */
const transports = z
  .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "is not a transport"))
  .max(16)
  .transform((names) => [...new Set(names)].sort());

const credentialMembers = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.object({}).optional(),
};

const sameIds = (credential: { id: string; rawId: string }) => credential.id === credential.rawId;
const SAME_IDS = "id and rawId differ";

/** The parts of the W3C forms that the verifier reads; what else a browser adds is dropped. */
const registrationCredential = z
  .object({
    ...credentialMembers,
    response: z.object({
      clientDataJSON,
      attestationObject: base64url(1, MAX_ATTESTATION_BYTES),
      transports: transports.optional().transform((names) => names ?? []),
    }),
  })
  .refine(sameIds, SAME_IDS)
  .transform(({ id, rawId, type, response }) => ({ id, rawId, type, response, clientExtensionResults: {} }));

const authenticationCredential = z
  .object({
    ...credentialMembers,
    response: z.object({
      clientDataJSON,
      authenticatorData: base64url(1, MAX_AUTHENTICATOR_DATA_BYTES),
      signature: base64url(1, MAX_SIGNATURE_BYTES),
      userHandle: base64url(1, MAX_USER_HANDLE_BYTES).nullish(),
    }),
  })
  .refine(sameIds, SAME_IDS)
  .transform(({ id, rawId, type, response: { userHandle, ...signed } }) => {
    const response = userHandle ? { ...signed, userHandle } : signed;
    return { id, rawId, type, response, clientExtensionResults: {} };
  });

const characters = (text: string) => [...text].length;

/** Control characters and broken surrogates cannot be stored or shown. */
const passkeyName = z
  .string()
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "has characters that cannot be shown")
  .transform((text) => text.normalize("NFC").trim())
  .refine((text) => characters(text) >= 1 && characters(text) <= MAX_NAME, `needs 1 to ${MAX_NAME} characters`);

/** WebAuthn L3, 5.8.7. */
const passkeyHint = z.enum(["client-device", "security-key", "hybrid"]);

export const registerStartBody = z.object({ conditional: z.boolean().optional(), hint: passkeyHint.optional() });
export const registerFinishBody = z.object({ credential: registrationCredential, name: passkeyName.optional() });
/** A person's name has to be as fit for showing as a passkey's. */
export const signupStartBody = z.object({ email: emailAddress, name: passkeyName.optional() });
export const signupFinishBody = z.object({ credential: registrationCredential });
export const loginStartBody = z.object({ username: emailAddress.optional(), step_up: z.boolean().optional() });
export const loginFinishBody = z.object({ credential: authenticationCredential });
export const renameBody = z.object({ name: passkeyName });

const ceremonyIdentifier = z.object({ ceremony_id: base64url(1, 64) });

/**
 * The ceremony a finish belongs to, read before the rest so that an unreadable credential spends it all the same.
 * @throws Problem invalid_request.
 */
export function readCeremonyId(body: unknown): string {
  return readBody(ceremonyIdentifier, ownMember(body, "ceremony_id")).ceremony_id;
}

function ownMember(body: unknown, name: string): object {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Problem("invalid_request");
  return { [name]: Object.entries(body).find(([key]) => key === name)?.[1] };
}

/** A credential id from a path; null when it cannot be one, which is answered like one that is not there. */
export function readCredentialId(text: unknown): string | null {
  return credentialId.safeParse(text).data ?? null;
}
