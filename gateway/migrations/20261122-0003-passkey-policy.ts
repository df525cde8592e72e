import type { Knex } from "knex";

/**
 * The members are those of GET /api/admin/policy. `passkey_settings` has a row for whoever an administrator or the
 * person decided something about, with a passkey or without: hence no reference to user_handles.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE passkey_policy (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      enforcement text NOT NULL CHECK (enforcement IN ('off', 'prompt', 'required')),
      user_verification text NOT NULL CHECK (user_verification IN ('required', 'preferred')),
      resident_key text NOT NULL CHECK (resident_key IN ('required', 'preferred', 'discouraged')),
      authenticator_attachment text NOT NULL CHECK (authenticator_attachment IN ('any', 'platform', 'cross-platform')),
      attestation text NOT NULL CHECK (attestation IN ('none', 'direct', 'enterprise')),
      require_certified boolean NOT NULL CHECK (NOT require_certified OR attestation <> 'none'),
      allowed_aaguids uuid[] NOT NULL
        CHECK (cardinality(allowed_aaguids) <= 500 AND array_position(allowed_aaguids, NULL) IS NULL),
      denied_aaguids uuid[] NOT NULL
        CHECK (cardinality(denied_aaguids) <= 500 AND array_position(denied_aaguids, NULL) IS NULL),
      allow_synced boolean NOT NULL,
      max_passkeys_per_user integer NOT NULL CHECK (max_passkeys_per_user BETWEEN 1 AND 100)
    )`);
  await knex.raw(`
    CREATE TABLE passkey_settings (
      identity_id uuid PRIMARY KEY,
      enabled boolean NOT NULL,
      prompt_forced boolean NOT NULL,
      prompt_dismissed_until timestamptz
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE passkey_settings");
  await knex.raw("DROP TABLE passkey_policy");
}
