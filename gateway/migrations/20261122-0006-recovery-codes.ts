import type { Knex } from "knex";

/**
 * One salt for a whole set, so that a single slow hash is looked for among all of its codes (scrypt, RFC 7914). What a
 * person set up hangs on their user handle: with it the codes go as the passkeys do.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE recovery_code_sets (
      identity_id uuid PRIMARY KEY REFERENCES user_handles (identity_id) ON DELETE CASCADE,
      salt bytea NOT NULL CHECK (octet_length(salt) BETWEEN 16 AND 64),
      cost integer NOT NULL CHECK (cost BETWEEN 2 AND 1048576 AND cost & (cost - 1) = 0),
      block_size integer NOT NULL CHECK (block_size BETWEEN 1 AND 64),
      parallelization integer NOT NULL CHECK (parallelization BETWEEN 1 AND 16),
      created_at timestamptz NOT NULL
    )`);
  await knex.raw(`
    CREATE TABLE recovery_codes (
      identity_id uuid NOT NULL REFERENCES recovery_code_sets (identity_id) ON DELETE CASCADE,
      hash bytea NOT NULL CHECK (octet_length(hash) = 32),
      used_at timestamptz,
      PRIMARY KEY (identity_id, hash)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE recovery_codes");
  await knex.raw("DROP TABLE recovery_code_sets");
}
