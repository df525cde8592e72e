/** Whether a credential may ever leave its authenticator (backup eligibility, WebAuthn L3 6.1.3). */
export type DeviceType = "single_device" | "multi_device";

/** What is known of the authenticator's make: nothing, its own word, or a chain to a trusted root. */
export type AttestationKind = "none" | "unverified" | "verified";

/** Browser and address a passkey was used from, as far as the request told. */
export type PlaceOfUse = { readonly userAgent: string | null; readonly ip: string | null };

/** The stored record of a passkey. */
export type Credential = {
  /** The credential id in base64url without padding. */
  readonly id: string;
  readonly identityId: string;
  /** The COSE key. */
  readonly publicKey: Uint8Array;
  /** The COSE algorithm number. */
  readonly algorithm: number;
  /** The signature counter of the last assertion; 0 for ever where the authenticator keeps none. */
  readonly counter: number;
  readonly aaguid: string;
  readonly deviceType: DeviceType;
  readonly backedUp: boolean;
  readonly transports: readonly string[];
  readonly attestation: AttestationKind;
  /** The person's own name for it. */
  readonly name: string;
  /** Whether the account's address had been proved when it was created, or was proved where it could be used. */
  readonly addressProved: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Where it was at `lastUsedAt`; null before, and where nothing is known of it. */
  readonly lastUsedFrom: PlaceOfUse | null;
};
