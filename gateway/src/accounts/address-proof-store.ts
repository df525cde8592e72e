import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";

/** What a proof does to what was set up before it: keeps it as the prover's own, or clears it away. */
export type ProofEffect = "keep" | "clear";

const proofRow = z
  .object({ id: z.string(), identity_id: z.string(), effect: z.enum(["keep", "clear"]) })
  .transform(({ id, identity_id, effect }) => ({ id, identityId: identity_id, effect }));

/** A mailed code that was handed to Kratos, and of which it is not settled yet what came of it. */
export type OpenProof = Readonly<z.infer<typeof proofRow>>;

/** Proofs under way, written down before Kratos is asked, so that none is forgotten. Every call throws OutageError. */
export type AddressProofStore = {
  readonly open: (identityId: string, effect: ProofEffect) => Promise<OpenProof>;
  readonly close: (id: string) => Promise<void>;
  /** Whether a proof is under way that keeps what the identity has. */
  readonly keeps: (identityId: string) => Promise<boolean>;
  /** Oldest first. */
  readonly begunBefore: (moment: Date) => Promise<readonly OpenProof[]>;
};

const MOST_AT_ONCE = 100;

/** Proofs under way in PostgreSQL. */
export function createPostgresAddressProofStore(knex: Knex, clock: Clock): AddressProofStore {
  return {
    open: (identityId, effect) =>
      askPostgres(async () => {
        const id = randomUUID();
        await knex("address_proofs").insert({ id, identity_id: identityId, effect, begun_at: clock() });
        return { id, identityId, effect };
      }),
    close: (id) =>
      askPostgres(async () => {
        await knex("address_proofs").where({ id }).delete();
      }),
    keeps: (identityId) =>
      askPostgres(async () => {
        const row = await knex("address_proofs")
          .select("id")
          .where({ identity_id: identityId, effect: "keep" })
          .first();
        return row !== undefined;
      }),
    begunBefore: (moment) =>
      askPostgres(async () => {
        const rows = await knex("address_proofs")
          .where("begun_at", "<", moment)
          .orderBy("begun_at")
          .limit(MOST_AT_ONCE);
        return rows.map((row) => proofRow.parse(row));
      }),
  };
}
