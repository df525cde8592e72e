import type { Knex } from "knex";

/** From when a key signs: one that is published before is known to everybody by then. Those there are sign already. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("ALTER TABLE identity_token_keys ADD COLUMN signs_from timestamptz NOT NULL DEFAULT now()");
  await knex.raw("UPDATE identity_token_keys SET signs_from = created_at");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("ALTER TABLE identity_token_keys DROP COLUMN signs_from");
}
