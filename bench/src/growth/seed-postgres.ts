import { Client } from "pg";
import { portionsOf, type SeededPerson } from "./seeded-people.ts";

const PORTION = 20_000;

/** Rows of Kratos 1.3 and 26.2 as a sign-up with a password leaves them: what is not the person's own is the model's. */
const KRATOS_ROWS = [
  `INSERT INTO identities (id, schema_id, traits, created_at, updated_at, nid, state, state_changed_at, metadata_public,
     metadata_admin, available_aal, organization_id)
   SELECT seeded.id, model.schema_id, jsonb_set(model.traits, '{email}', to_jsonb(seeded.email)),
     model.created_at - random() * interval '900 days', model.updated_at, model.nid, model.state,
     model.state_changed_at, model.metadata_public, model.metadata_admin, model.available_aal, model.organization_id
   FROM seeded, identities AS model WHERE model.id = $1`,
  `INSERT INTO identity_credentials (id, config, identity_credential_type_id, identity_id, created_at, updated_at, nid,
     version)
   SELECT seeded.other_id, model.config, model.identity_credential_type_id, seeded.id, model.created_at,
     model.updated_at, model.nid, model.version
   FROM seeded, identity_credentials AS model
     JOIN identity_credential_types AS kind ON kind.id = model.identity_credential_type_id
   WHERE model.identity_id = $1 AND kind.name = 'password'`,
  `INSERT INTO identity_credential_identifiers (id, identifier, identity_credential_id, created_at, updated_at, nid,
     identity_credential_type_id)
   SELECT gen_random_uuid(), seeded.email, seeded.other_id, model.created_at, model.updated_at, model.nid,
     model.identity_credential_type_id
   FROM seeded, identity_credentials AS model
     JOIN identity_credential_types AS kind ON kind.id = model.identity_credential_type_id
   WHERE model.identity_id = $1 AND kind.name = 'password'`,
  `INSERT INTO identity_verifiable_addresses (id, status, via, verified, value, verified_at, identity_id, created_at,
     updated_at, nid)
   SELECT gen_random_uuid(), 'completed', model.via, true, seeded.email, model.created_at, seeded.id, model.created_at,
     model.updated_at, model.nid
   FROM seeded, identity_verifiable_addresses AS model WHERE model.identity_id = $1`,
  `INSERT INTO identity_recovery_addresses (id, via, value, identity_id, created_at, updated_at, nid)
   SELECT gen_random_uuid(), model.via, seeded.email, seeded.id, model.created_at, model.updated_at, model.nid
   FROM seeded, identity_recovery_addresses AS model WHERE model.identity_id = $1`,
];

/** A user handle (four MD5 sums are 64 bytes) and one passkey that was used, each with the model's key. */
const GATEWAY_ROWS = [
  `INSERT INTO user_handles (identity_id, handle, created_at)
   SELECT id, decode(md5(other_id || 'a') || md5(other_id || 'b') || md5(other_id || 'c') || md5(other_id || 'd'), 'hex'),
     now()
   FROM seeded WHERE $1::uuid IS NOT NULL`,
  `INSERT INTO credentials (id, identity_id, public_key, algorithm, sign_count, aaguid, device_type, backed_up,
     transports, attestation, name, address_proved, created_at, last_used_at, last_used_user_agent, last_used_ip)
   SELECT decode(md5(seeded.id || 'id') || md5(seeded.other_id || 'id'), 'hex'), seeded.id, model.public_key,
     model.algorithm, model.sign_count, model.aaguid, model.device_type, model.backed_up, model.transports,
     model.attestation, model.name, model.address_proved, model.created_at - random() * interval '900 days',
     model.last_used_at, model.last_used_user_agent, model.last_used_ip
   FROM seeded, credentials AS model WHERE model.identity_id = $1`,
];

type Rows = { readonly statements: readonly string[]; readonly tables: readonly string[] };

const KRATOS: Rows = {
  statements: KRATOS_ROWS,
  tables: [
    "identities",
    "identity_credentials",
    "identity_credential_identifiers",
    "identity_verifiable_addresses",
    "identity_recovery_addresses",
  ],
};
const GATEWAY: Rows = { statements: GATEWAY_ROWS, tables: ["user_handles", "credentials"] };

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const sizeOf = async (client: Client, tables: readonly string[]) => {
  const { rows } = await client.query<{ bytes: string }>(
    "SELECT sum(pg_total_relation_size(name::regclass)) AS bytes FROM unnest($1::text[]) AS name",
    [tables],
  );
  return Number(rows[0]?.bytes);
};

/** @returns how many bytes the tables and their indexes take for each person. */
function seed(url: string, modelId: string, people: readonly SeededPerson[], rows: Rows): Promise<number> {
  return withClient(url, async (client) => {
    // The rows refer to each other rightly; to look each reference up takes as long as to write the rows.
    await client.query("SET session_replication_role = replica");
    await client.query(
      "CREATE TEMPORARY TABLE seeded (id uuid NOT NULL, email text NOT NULL, other_id uuid NOT NULL DEFAULT gen_random_uuid())",
    );
    for (const portion of portionsOf(people, PORTION)) {
      const values = [portion.map(({ id }) => id), portion.map(({ email }) => email)];
      await client.query("INSERT INTO seeded (id, email) SELECT * FROM unnest($1::uuid[], $2::text[])", values);
    }
    const before = await sizeOf(client, rows.tables);
    for (const statement of rows.statements) {
      const { rowCount } = await client.query(statement, [modelId]);
      if (rowCount !== people.length) throw new Error(`${rowCount} rows for ${people.length} people: ${statement}`);
    }
    for (const table of rows.tables) await client.query(`VACUUM ANALYZE ${table}`);
    // What is left to be written would be written while it is measured.
    await client.query("CHECKPOINT");
    return ((await sizeOf(client, rows.tables)) - before) / people.length;
  });
}

/** Writes people into Kratos' tables, as one who signed up with a password is there. Bytes for each, indexes included. */
export const seedKratos = (url: string, modelId: string, people: readonly SeededPerson[]) =>
  seed(url, modelId, people, KRATOS);

/** Writes people with a passkey each into the gateway's tables, as one who signed in with theirs is there. */
export const seedGateway = (url: string, modelId: string, people: readonly SeededPerson[]) =>
  seed(url, modelId, people, GATEWAY);
