import type { Knex } from "knex";

/**
 * What was set up before the account's address was proved, and the proofs that are under way. Credentials of before are
 * taken as proved: nobody could sign up by passkey then, and what an address was worth is not known any more.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("ALTER TABLE credentials ADD COLUMN address_proved boolean NOT NULL DEFAULT true");
  await knex.raw(`
    CREATE TABLE address_proofs (
      id uuid PRIMARY KEY,
      identity_id uuid NOT NULL,
      effect text NOT NULL CHECK (effect IN ('keep', 'clear')),
      begun_at timestamptz NOT NULL
    )`);
  await knex.raw("CREATE INDEX address_proofs_by_identity ON address_proofs (identity_id)");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE address_proofs");
  await knex.raw("ALTER TABLE credentials DROP COLUMN address_proved");
}
