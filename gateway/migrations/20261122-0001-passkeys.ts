import type { Knex } from "knex";

/** WebAuthn L3, 5.8.3 (credential id) and 13.4.3 (user handle) give the lengths. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE user_handles (
      identity_id uuid PRIMARY KEY,
      handle bytea NOT NULL UNIQUE CHECK (octet_length(handle) = 64),
      created_at timestamptz NOT NULL
    )`);
  await knex.raw(`
    CREATE TABLE credentials (
      id bytea PRIMARY KEY CHECK (octet_length(id) BETWEEN 1 AND 1023),
      identity_id uuid NOT NULL REFERENCES user_handles (identity_id) ON DELETE CASCADE,
      public_key bytea NOT NULL CHECK (octet_length(public_key) BETWEEN 1 AND 4096),
      algorithm integer NOT NULL CHECK (algorithm IN (-7, -8, -257)),
      sign_count bigint NOT NULL CHECK (sign_count BETWEEN 0 AND 4294967295),
      aaguid uuid NOT NULL,
      device_type text NOT NULL CHECK (device_type IN ('single_device', 'multi_device')),
      backed_up boolean NOT NULL CHECK (device_type = 'multi_device' OR NOT backed_up),
      transports text[] NOT NULL CHECK (cardinality(transports) <= 16 AND array_position(transports, NULL) IS NULL),
      attestation text NOT NULL CHECK (attestation IN ('none', 'unverified', 'verified')),
      name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
      created_at timestamptz NOT NULL,
      last_used_at timestamptz
    )`);
  await knex.raw("CREATE INDEX credentials_by_identity ON credentials (identity_id, created_at, id)");
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE credentials");
  await knex.raw("DROP TABLE user_handles");
}
