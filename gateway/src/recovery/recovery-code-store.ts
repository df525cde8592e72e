import type { Knex } from "knex";
import { z } from "zod";
import { askPostgres } from "../postgres-errors.ts";
import type { HashParameters } from "./slow-hash.ts";

export type RecoveryCodeSet = { readonly createdAt: Date; readonly parameters: HashParameters };

/** The hashed recovery codes of all identities. Every call throws OutageError when the store cannot be asked. */
export type RecoveryCodeStore = {
  /** Null when the identity never had a set. */
  readonly findSet: (identityId: string) => Promise<RecoveryCodeSet | null>;
  /** How many codes of the set are unused. */
  readonly remainingOf: (identityId: string) => Promise<number>;
  /** Puts a new set in the place of the old one, whole or not at all. False: the owner has no user handle. */
  readonly replace: (identityId: string, set: RecoveryCodeSet, hashes: readonly Buffer[]) => Promise<boolean>;
  /** Marks the code of this hash as used. False: there is none, or it was used before. */
  readonly spend: (identityId: string, hash: Buffer, usedAt: Date) => Promise<boolean>;
  /** Undoes the spending of that moment; nothing where the set was replaced meanwhile. */
  readonly giveBack: (identityId: string, hash: Buffer, usedAt: Date) => Promise<void>;
};

const setRow = z
  .object({
    salt: z.instanceof(Buffer),
    cost: z.number(),
    block_size: z.number(),
    parallelization: z.number(),
    created_at: z.date(),
  })
  .transform(({ salt, cost, block_size: blockSize, parallelization, created_at: createdAt }) => ({
    createdAt,
    parameters: { salt, cost, blockSize, parallelization },
  }));

async function replace(trx: Knex.Transaction, identityId: string, set: RecoveryCodeSet, hashes: readonly Buffer[]) {
  const { salt, cost, blockSize, parallelization } = set.parameters;
  const row = { salt, cost, block_size: blockSize, parallelization, created_at: set.createdAt };
  // Of two that replace at once the later one finds the codes of the earlier, and removes them.
  const owner = await trx("user_handles").where({ identity_id: identityId }).forUpdate().first();
  if (!owner) return false;
  await trx("recovery_code_sets")
    .insert({ identity_id: identityId, ...row })
    .onConflict("identity_id")
    .merge();
  await trx("recovery_codes").where({ identity_id: identityId }).delete();
  await trx("recovery_codes").insert(hashes.map((hash) => ({ identity_id: identityId, hash })));
  return true;
}

/** Recovery codes in PostgreSQL. */
export function createPostgresRecoveryCodeStore(knex: Knex): RecoveryCodeStore {
  return {
    findSet: (identityId) =>
      askPostgres(async () => {
        const row = await knex("recovery_code_sets").where({ identity_id: identityId }).first();
        return row ? setRow.parse(row) : null;
      }),
    remainingOf: (identityId) =>
      askPostgres(async () => {
        const rows = await knex("recovery_codes")
          .where({ identity_id: identityId, used_at: null })
          .count({ count: "*" });
        return z.tuple([z.object({ count: z.coerce.number() })]).parse(rows)[0].count;
      }),
    replace: (identityId, set, hashes) =>
      askPostgres(() => knex.transaction((trx) => replace(trx, identityId, set, hashes))),
    spend: (identityId, hash, usedAt) =>
      askPostgres(async () => {
        const unused = knex("recovery_codes").where({ identity_id: identityId, hash, used_at: null });
        return (await unused.update({ used_at: usedAt })) === 1;
      }),
    giveBack: (identityId, hash, usedAt) =>
      askPostgres(async () => {
        await knex("recovery_codes")
          .where({ identity_id: identityId, hash, used_at: usedAt })
          .update({ used_at: null });
      }),
  };
}
