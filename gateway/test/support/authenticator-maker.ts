import { KeyObject, randomUUID, sign } from "node:crypto";
import type { Authority, Issue, Issued } from "./certificate-authority.ts";

/** The subject WebAuthn L3, 8.2.1 wants. */
const SUBJECT = "C=AQ, O=Passbridge Tests, OU=Authenticator Attestation, CN=Software Authenticator";

/** With what a maker lets its authenticators sign attestation statements. */
export type AttestationKey = {
  readonly aaguid: string;
  readonly algorithm: number;
  /** DER, the authenticator's own first. */
  readonly certificates: readonly Buffer[];
  readonly sign: (data: Uint8Array) => Buffer;
};

export type AttestationWish = Partial<Issue> & { readonly above?: readonly Authority[] };

const toKey = (aaguid: string, { der, keys }: Issued, above: readonly Authority[]): AttestationKey => ({
  aaguid,
  algorithm: -7,
  certificates: [der, ...above.map((authority) => authority.der)],
  sign: (data) => sign("sha256", data, KeyObject.from(keys.privateKey)),
});

/**
 * An attestation key for a model of a maker.
 * @param wish what is odd about its certificate, and the authorities that are sent along, nearest first.
 */
export async function attestationKey(
  maker: Authority,
  aaguid: string = randomUUID(),
  { above = [], ...wish }: AttestationWish = {},
): Promise<AttestationKey> {
  return toKey(aaguid, await maker.issue({ subject: SUBJECT, aaguid, ...wish }), above);
}
