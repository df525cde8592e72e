import type { Knex } from "knex";

/** The private keys are JWE texts (RFC 7516): the database alone cannot sign. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE identity_token_keys (
      kid text PRIMARY KEY CHECK (char_length(kid) BETWEEN 1 AND 128),
      private_jwk text NOT NULL CHECK (char_length(private_jwk) BETWEEN 1 AND 4096),
      created_at timestamptz NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE identity_token_keys");
}
