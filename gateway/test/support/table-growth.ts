import knex, { type Knex } from "knex";
import { z } from "zod";

const PER_IDENTITY = 5;
const TABLES = ["credentials", "user_handles"];

type Scans = { readonly seq: number; readonly index: number };
export type TableScans = Readonly<Record<string, Scans>>;

const scans = z.array(z.object({ relname: z.string(), seq_scan: z.coerce.number(), idx_scan: z.coerce.number() }));

/** Fills a gateway's database with strangers, five credentials each, and brings the planner's statistics up to date. */
export async function addStrangers(databaseUrl: string, credentials: number): Promise<void> {
  await withDatabase(databaseUrl, async (database) => {
    // Four MD5 sums are 64 bytes, as a user handle has.
    await database.raw(
      `INSERT INTO user_handles (identity_id, handle, created_at)
       SELECT gen_random_uuid(), decode(md5(n || 'a') || md5(n || 'b') || md5(n || 'c') || md5(n || 'd'), 'hex'), now()
       FROM generate_series(1, ?::int) AS n`,
      [credentials / PER_IDENTITY],
    );
    await database.raw(
      `INSERT INTO credentials (id, identity_id, public_key, algorithm, sign_count, aaguid, device_type, backed_up,
         transports, attestation, name, created_at, last_used_at)
       SELECT decode(md5(identity_id::text || n) || md5(n || identity_id::text), 'hex'), identity_id,
         decode(repeat('00', 77), 'hex'), -7, 0, gen_random_uuid(), 'multi_device', true,
         '{internal,hybrid}', 'none', 'Passkey ' || n, now() - random() * interval '900 days', now()
       FROM user_handles, generate_series(1, ${PER_IDENTITY}) AS n`,
    );
    await database.raw("VACUUM ANALYZE credentials");
    await database.raw("VACUUM ANALYZE user_handles");
  });
}

/** How often each table was read from end to end, and how often by an index, since the database was made. */
export async function tableScans(databaseUrl: string): Promise<TableScans> {
  return withDatabase(databaseUrl, async (database) => {
    await database.raw("SELECT pg_stat_clear_snapshot()");
    const { rows } = await database.raw(
      "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables WHERE relname = ANY(?)",
      [TABLES],
    );
    return Object.fromEntries(
      scans.parse(rows).map(({ relname, seq_scan, idx_scan }) => [relname, { seq: seq_scan, index: idx_scan }]),
    );
  });
}

/** What the tables were read by between two counts: a table read from end to end is what growth makes slow. */
export function describeScans(before: TableScans, after: TableScans): string {
  const since = (table: string, kind: keyof Scans) => (after[table]?.[kind] ?? 0) - (before[table]?.[kind] ?? 0);
  return TABLES.map(
    (table) => `${table}: ${since(table, "seq")} full scans, ${since(table, "index")} index scans`,
  ).join("; ");
}

async function withDatabase<T>(url: string, work: (database: Knex) => Promise<T>): Promise<T> {
  const database = knex({ client: "pg", connection: url, pool: { min: 0, max: 1 } });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}
