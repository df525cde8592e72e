import { createHmac, timingSafeEqual } from "node:crypto";
import type { Credential } from "./credential.ts";

/** What options say of a credential (PublicKeyCredentialDescriptor, WebAuthn L3, 5.8.3). */
export type CredentialDescriptor = Pick<Credential, "id" | "transports">;

/** Credentials nobody has, for the sign-in options of an address that has none: who asks learns nothing of accounts. */
export type DecoyCredentials = {
  /** For one address always the same, and no empty list. */
  readonly listFor: (email: string) => readonly CredentialDescriptor[];
  /** The identity they are said to belong to: no one's, and for one address always the same. */
  readonly identityIdFor: (email: string) => string;
  /** Whether a credential id is one of them, for whatever address. */
  readonly owns: (credentialId: string) => boolean;
};

/** Ids and transports as the makers of authenticators have them, in about the shares in which they are met. */
const MAKES = [
  { bytes: 16, transports: ["hybrid", "internal"] },
  { bytes: 16, transports: ["hybrid", "internal"] },
  { bytes: 20, transports: ["hybrid", "internal"] },
  { bytes: 20, transports: ["hybrid", "internal"] },
  { bytes: 20, transports: ["hybrid", "internal"] },
  { bytes: 32, transports: ["internal"] },
  { bytes: 48, transports: ["nfc", "usb"] },
  { bytes: 64, transports: ["nfc", "usb"] },
] as const;

/** Any number that a person may have: were it two at most, a list of three would prove an account. */
const MAX_COUNT = 20;
/** Of 256: how often one more follows. */
const ONE_MORE = 80;

const TAG_BYTES = 8;

function toUuid(bytes: Buffer): string {
  const text = bytes.subarray(0, 16).toString("hex");
  // Version 4 and its variant (RFC 9562, 5.4).
  return text.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/**
 * @param secret kept for ever: with another one every address without passkeys would change its list, and those with
 * passkeys would not.
 */
export function createDecoyCredentials(secret: Uint8Array): DecoyCredentials {
  const mac = (purpose: string, data: string | Uint8Array) =>
    createHmac("sha512", secret).update(`${purpose}\0`).update(data).digest();
  // Only who has the secret can tell the tag from the random bytes that ids of credentials are.
  const tagOf = (body: Uint8Array) => mac("tag", body).subarray(0, TAG_BYTES);

  const countFor = (email: string) => {
    const further = mac("count", email)
      .subarray(0, MAX_COUNT - 1)
      .findIndex((byte) => byte >= ONE_MORE);
    return further === -1 ? MAX_COUNT : further + 1;
  };
  const decoy = (email: string, index: number): CredentialDescriptor => {
    const random = mac(`credential ${index}`, email);
    const { bytes, transports } = MAKES[random.readUInt8(random.length - 1) % MAKES.length] ?? MAKES[0];
    const body = random.subarray(0, bytes - TAG_BYTES);
    return { id: Buffer.concat([body, tagOf(body)]).toString("base64url"), transports };
  };

  return {
    listFor: (email) => Array.from({ length: countFor(email) }, (_, index) => decoy(email, index)),
    identityIdFor: (email) => toUuid(mac("identity", email)),
    owns: (credentialId) => {
      const bytes = Buffer.from(credentialId, "base64url");
      if (bytes.length <= TAG_BYTES) return false;
      return timingSafeEqual(bytes.subarray(-TAG_BYTES), tagOf(bytes.subarray(0, -TAG_BYTES)));
    },
  };
}
