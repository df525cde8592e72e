import knex, { type Knex } from "knex";
import type { Client } from "pg";
import type { Logger } from "pino";
import { type Migration, migrations } from "../migrations/index.ts";
import { createGuardedDatabase, type PoolCircuit } from "./postgres-circuit.ts";
import { createPostgresServer } from "./postgres-server.ts";
import { type PostgresAddress, readPostgresUrl } from "./postgres-url.ts";

const MIGRATION_LOCK = 7_266_323_473;

function clientSettings({ login, tls }: PostgresAddress) {
  return {
    ...login,
    ssl: tls ?? false,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
  };
}

/**
 * A pool of connections to Postgres, with a deadline on getting one and on each statement, behind a circuit. Of several servers it follows
 * the one that accepts writes; connections to one that was lost are not used again.
 * @param url as readPostgresUrl takes it.
 * @param log gets what knex would print on standard output.
 * @throws PostgresUrlError.
 */
export function createDatabase(url: string, log?: Logger): Knex {
  const warn = (message: unknown) => log?.warn({ dependency: "postgres" }, String(message).split("\n", 1)[0]);
  const address = readPostgresUrl(url);
  const server = createPostgresServer(address, clientSettings(address), log);
  const make = (circuit: PoolCircuit) =>
    knex({
      client: "pg",
      log: { warn, error: warn, deprecate: warn, debug: () => undefined },
      connection: server.settings,
      pool: {
        min: 0,
        max: 10,
        afterCreate: (connection: Client, done: (error: null, connection: Client) => void) => {
          server.opened(connection);
          circuit.opened(connection);
          done(null, connection);
        },
        validate: (connection: Client) => circuit.isFit(connection) && server.isFit(connection),
      },
      acquireConnectionTimeout: 3_000,
    });
  const database = createGuardedDatabase(make, log);
  database.on("query-error", server.noticed);
  return database;
}

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async (migration) => migration,
};

/**
 * Runs `work` under an advisory lock, so that replicas that start at once migrate one after the other.
 * knex's own lock row makes the second one fail, and stays behind when a process is killed.
 */
async function locked<T>(database: Knex, work: () => Promise<T>): Promise<T> {
  const connection = await database.client.acquireConnection();
  try {
    await connection.query("SET statement_timeout = 0");
    await connection.query({ text: "SELECT pg_advisory_lock($1)", values: [MIGRATION_LOCK], query_timeout: 600_000 });
    return await work();
  } finally {
    await connection.query("SELECT pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    await connection.query("RESET statement_timeout");
    database.client.releaseConnection(connection);
  }
}

/** Brings the schema to the newest version; the names of what was applied. */
export async function migrateLatest(database: Knex): Promise<string[]> {
  return locked(database, async () => {
    const [, applied] = await database.migrate.latest({ migrationSource });
    return applied;
  });
}

/** Takes the last migration back; the names of what was undone. */
export async function migrateDown(database: Knex): Promise<string[]> {
  return locked(database, async () => {
    const [, undone] = await database.migrate.down({ migrationSource });
    return undone;
  });
}
