import type { Knex } from "knex";

/** Browser and address of a passkey's last use, as the request told them: nothing without a use. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE credentials
      ADD COLUMN last_used_user_agent text CHECK (char_length(last_used_user_agent) BETWEEN 1 AND 512),
      ADD COLUMN last_used_ip inet,
      ADD CONSTRAINT credentials_place_of_a_use CHECK (
        last_used_at IS NOT NULL OR (last_used_user_agent IS NULL AND last_used_ip IS NULL)
      )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE credentials
      DROP CONSTRAINT credentials_place_of_a_use,
      DROP COLUMN last_used_ip,
      DROP COLUMN last_used_user_agent`);
}
