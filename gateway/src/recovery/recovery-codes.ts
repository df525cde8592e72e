import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import { type KratosClient, NOBODY } from "../kratos/kratos-client.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { UserHandleStore } from "../passkeys/user-handle-store.ts";
import type { Identity } from "../sessions/session.ts";
import { newRecoveryCodes, readRecoveryCode, showRecoveryCode } from "./recovery-code.ts";
import type { RecoveryCodeStore } from "./recovery-code-store.ts";
import { newHashParameters, type SlowHash } from "./slow-hash.ts";

export type RecoveryCodesDeps = {
  readonly store: RecoveryCodeStore;
  readonly userHandles: Pick<UserHandleStore, "handleOf">;
  readonly slowHash: SlowHash;
  readonly kratos: Pick<KratosClient, "findIdentityByEmail">;
  readonly audit: AuditLog;
  readonly clock: Clock;
};

/** Ways back without any passkey. Every call throws OutageError. */
export type RecoveryCodes = {
  /** How many codes are left, and since when; null when there never was a set. */
  readonly stateOf: (identityId: string) => Promise<{ remaining: number; createdAt: Date | null }>;
  /** Makes a new set, in the form people see, and voids the old one. Throws Problem unauthenticated, for nobody's. */
  readonly create: (identityId: string) => Promise<readonly string[]>;
  /** Spends a code. Throws Problem recovery_failed, whatever was wrong. */
  readonly redeem: (email: string, code: string) => Promise<RedeemedCode>;
};

export type RedeemedCode = {
  readonly identity: Identity;
  readonly remaining: number;
  /** For a sign-in that came to nothing: the code is good again. */
  readonly giveBack: () => Promise<void>;
};

/**
 * Does the same for an address without an account, a closed account and one without codes as for the right one: a look
 * at Kratos, one at the set, a slow hash, and an attempt to spend.
 */
async function redeem({ store, slowHash, kratos, audit, clock }: RecoveryCodesDeps, email: string, typed: string) {
  const found = await kratos.findIdentityByEmail(email);
  const identity = found?.active ? found.identity : null;
  const owner = identity?.id ?? NOBODY;
  const set = await store.findSet(owner);
  const hash = await slowHash(readRecoveryCode(typed) ?? "", set?.parameters ?? newHashParameters());
  const usedAt = clock();
  const spent = await store.spend(owner, hash, usedAt);
  if (!identity || !spent) {
    audit({ event: "recovery_code.refused", ...(found && { identityId: found.identity.id }) });
    throw new Problem("recovery_failed", { detail: "The e-mail or the code is not right." });
  }
  const remaining = await store.remainingOf(owner);
  audit({ event: "recovery_code.used", identityId: owner, detail: { remaining } });
  const giveBack = async () => {
    await store.giveBack(owner, hash, usedAt);
    audit({ event: "recovery_code.given_back", identityId: owner });
  };
  return { identity, remaining, giveBack };
}

async function create({ store, userHandles, slowHash, audit, clock }: RecoveryCodesDeps, identityId: string) {
  const codes = newRecoveryCodes();
  const set = { createdAt: clock(), parameters: newHashParameters() };
  const hashes: Buffer[] = [];
  // One after the other, so that a sign-in meanwhile does not wait for ten.
  for (const code of codes) hashes.push(await slowHash(code, set.parameters));
  await userHandles.handleOf(identityId);
  // The account was taken back by its owner just now, and this sign-in with it.
  if (!(await store.replace(identityId, set, hashes))) throw new Problem("unauthenticated");
  audit({ event: "recovery_codes.created", identityId });
  return codes.map(showRecoveryCode);
}

export function createRecoveryCodes(deps: RecoveryCodesDeps): RecoveryCodes {
  return {
    stateOf: async (identityId) => {
      const [set, remaining] = await Promise.all([deps.store.findSet(identityId), deps.store.remainingOf(identityId)]);
      return { remaining, createdAt: set?.createdAt ?? null };
    },
    create: (identityId) => create(deps, identityId),
    redeem: (email, code) => redeem(deps, email, code),
  };
}
