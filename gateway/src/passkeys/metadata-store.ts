import type { Knex } from "knex";
import { z } from "zod";
import { askPostgres } from "../postgres-errors.ts";

/** A metadata BLOB that was verified. */
export type KeptBlob = { readonly blob: string; readonly number: number; readonly fetchedAt: Date };

/** The last good metadata BLOB of each trust, so that a gateway starts without its source. Throws OutageError. */
export type MetadataStore = {
  readonly read: () => Promise<KeptBlob | null>;
  /** Keeps a BLOB unless a newer one is kept, of whichever replica. */
  readonly keep: (kept: KeptBlob) => Promise<void>;
};

const TABLE = "fido_metadata";
const row = z.object({ blob: z.string(), number: z.number(), fetched_at: z.date() });

/**
 * Metadata in PostgreSQL.
 * @param trust names the roots they were verified with: with others, what was kept counts for nothing.
 */
export function createPostgresMetadataStore(knex: Knex, trust: string): MetadataStore {
  return {
    read: () =>
      askPostgres(async () => {
        const found: unknown = await knex(TABLE).where({ trust }).first();
        if (found === undefined) return null;
        const { blob, number, fetched_at } = row.parse(found);
        return { blob, number, fetchedAt: fetched_at };
      }),
    keep: ({ blob, number, fetchedAt }) =>
      askPostgres(async () => {
        await knex(TABLE)
          .insert({ trust, blob, number, fetched_at: fetchedAt })
          .onConflict("trust")
          .merge()
          .where("fido_metadata.number", "<", number);
      }),
  };
}
