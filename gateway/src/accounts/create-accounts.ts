import type { Adapters } from "../adapters.ts";
import { createPostgresCredentialStore } from "../passkeys/credential-store.ts";
import { createPostgresUserHandleStore } from "../passkeys/user-handle-store.ts";
import type { Sessions } from "../sessions/create-sessions.ts";
import { type AddressProofs, createAddressProofs } from "./address-proof.ts";
import { type AddressProofStore, createPostgresAddressProofStore } from "./address-proof-store.ts";
import { createRedisMailedCodeStore } from "./mailed-code-store.ts";
import { createRemoveUnprovedAccess } from "./unproved-access.ts";

const SETTLE_EVERY = 5_000;

export type Accounts = {
  readonly addressProofs: AddressProofs;
  readonly proofs: Pick<AddressProofStore, "keeps">;
  /** Waits for what is under way. */
  readonly close: () => Promise<void>;
};

/** What decides whose an account is; looks after proofs that an outage left open until it is closed. */
export function createAccounts(adapters: Adapters, { identitySessions, resolve, forgetIdentity }: Sessions): Accounts {
  const { audit, clock, database, kratos, log, notices, passkeySummary, redis } = adapters;
  const proofs = createPostgresAddressProofStore(database, clock);
  const userHandles = createPostgresUserHandleStore(database, clock);
  const removeUnprovedAccess = createRemoveUnprovedAccess({
    userHandles,
    kratos,
    passkeySummary,
    notices,
    audit,
    sessions: identitySessions,
  });
  const addressProofs = createAddressProofs({
    mailedCodes: createRedisMailedCodeStore(redis),
    proofs,
    credentials: createPostgresCredentialStore(database),
    kratos,
    removeUnprovedAccess,
    resolve,
    forgetIdentity,
    clock,
    log,
  });
  let settling = Promise.resolve();
  const timer = setInterval(() => {
    settling = settling.then(addressProofs.settle);
  }, SETTLE_EVERY).unref();
  return {
    addressProofs,
    proofs,
    close: async () => {
      clearInterval(timer);
      await settling;
    },
  };
}
