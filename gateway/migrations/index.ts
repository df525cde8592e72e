import type { Knex } from "knex";
import { up as createPasskeys, down as dropPasskeys } from "./20261122-0001-passkeys.ts";
import { up as createTokenKeys, down as dropTokenKeys } from "./20261122-0002-identity-token-keys.ts";
import { up as createPasskeyPolicy, down as dropPasskeyPolicy } from "./20261122-0003-passkey-policy.ts";
import { up as createFidoMetadata, down as dropFidoMetadata } from "./20261122-0004-fido-metadata.ts";
import { up as createAddressProofs, down as dropAddressProofs } from "./20261122-0005-address-proof.ts";
import { up as createRecoveryCodes, down as dropRecoveryCodes } from "./20261122-0006-recovery-codes.ts";
import { up as createOutbox, down as dropOutbox } from "./20261122-0007-mail-outbox.ts";
import { up as addLastUsePlace, down as dropLastUsePlace } from "./20261122-0008-last-use-place.ts";
import { up as addKeyTimes, down as dropKeyTimes } from "./20261122-0009-token-key-times.ts";

export type Migration = {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
  readonly down: (knex: Knex) => Promise<void>;
};

/** Every migration in order. A name is written to the database and never changes. */
export const migrations: readonly Migration[] = [
  { name: "20261122_0001_passkeys", up: createPasskeys, down: dropPasskeys },
  { name: "20261122_0002_identity_token_keys", up: createTokenKeys, down: dropTokenKeys },
  { name: "20261122_0003_passkey_policy", up: createPasskeyPolicy, down: dropPasskeyPolicy },
  { name: "20261122_0004_fido_metadata", up: createFidoMetadata, down: dropFidoMetadata },
  { name: "20261122_0005_address_proof", up: createAddressProofs, down: dropAddressProofs },
  { name: "20261122_0006_recovery_codes", up: createRecoveryCodes, down: dropRecoveryCodes },
  { name: "20261122_0007_mail_outbox", up: createOutbox, down: dropOutbox },
  { name: "20261122_0008_last_use_place", up: addLastUsePlace, down: dropLastUsePlace },
  { name: "20261122_0009_token_key_times", up: addKeyTimes, down: dropKeyTimes },
];
