import type { Knex } from "knex";
import type { PasskeyPolicy } from "../policy/passkey-policy.ts";
import { askPostgres } from "../postgres-errors.ts";
import { fromPolicyDocument, policyDocument, toPolicyDocument } from "./policy-document.ts";

const TABLE = "passkey_policy";

export type PolicyChange = { readonly before: PasskeyPolicy; readonly after: PasskeyPolicy };

/** The policy all replicas share: one row. Every call throws OutageError. */
export type PolicyStore = {
  /** Made of the first policy when there is none yet. */
  readonly read: () => Promise<PasskeyPolicy>;
  /** Changes come one by one; one that throws changes nothing, and its error comes out. */
  readonly change: (make: (current: PasskeyPolicy) => PasskeyPolicy) => Promise<PolicyChange>;
};

/** @param first what the policy is until an administrator changes it. */
export function createPostgresPolicyStore(knex: Knex, first: PasskeyPolicy): PolicyStore {
  const parse = (row: unknown) => fromPolicyDocument(policyDocument.parse(row));
  const make = () => knex(TABLE).insert(toPolicyDocument(first)).onConflict("only_row").ignore();
  return {
    read: () =>
      askPostgres(async () => {
        const known = await knex(TABLE).first();
        if (known) return parse(known);
        await make();
        return parse(await knex(TABLE).first());
      }),
    change: (changed) =>
      askPostgres(async () => {
        await make();
        return knex.transaction(async (trx) => {
          const before = parse(await trx(TABLE).forUpdate().first());
          const after = changed(before);
          await trx(TABLE).update(toPolicyDocument(after));
          return { before, after };
        });
      }),
  };
}
