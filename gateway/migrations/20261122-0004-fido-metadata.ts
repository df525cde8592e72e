import type { Knex } from "knex";

/** One row for each set of roots: the SHA-256 of what was trusted, the JWT as it was received, and its issue's number. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE fido_metadata (
      trust text PRIMARY KEY CHECK (trust ~ '^[0-9a-f]{64}$'),
      blob text NOT NULL CHECK (octet_length(blob) BETWEEN 1 AND 67108864),
      number integer NOT NULL CHECK (number >= 0),
      fetched_at timestamptz NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE fido_metadata");
}
