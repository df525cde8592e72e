import type { Knex } from "knex";
import type { Client } from "pg";
import type { Logger } from "pino";
import { createCircuit } from "./circuit.ts";
import { isPostgresAnswer, isPostgresSilence } from "./postgres-errors.ts";

const PROBE = { text: "SELECT 1", query_timeout: 1_000 };

/** What a pool tells its circuit, and asks it. */
export type PoolCircuit = {
  /** Told of every new connection. */
  readonly opened: (connection: Client) => void;
  /** False for one whose next query would wait behind one that hangs, or read what is left of a garbled answer. */
  readonly isFit: (connection: Client) => boolean;
};

/** Tells what each query of a connection came to. */
function hearQueries(connection: Client, tell: (error: unknown) => void): void {
  const query = connection.query.bind(connection);
  Object.assign(connection, {
    query: (...question: unknown[]) => {
      const callback = question.at(-1);
      if (typeof callback !== "function") return Reflect.apply(query, connection, question);
      const heard = (error: unknown, result: unknown) => {
        tell(error);
        callback(error, result);
      };
      return Reflect.apply(query, connection, [...question.slice(0, -1), heard]);
    },
  });
}

/**
 * A database behind a circuit: after a few connections or queries in a row without an answer nobody waits for one, until
 * a query of the circuit's own is answered.
 * @param make makes the database, its pool with the circuit.
 */
export function createGuardedDatabase(
  make: (circuit: PoolCircuit) => Knex,
  log: Pick<Logger, "warn"> | undefined,
): Knex {
  const circuit = createCircuit({
    isSilence: isPostgresSilence,
    onChange: (state) => log?.warn({ dependency: "postgres", circuit: state }, "circuit"),
    probe: async () => {
      // A pool that was let go of needs no probes any more.
      if (!database.client.pool) return;
      const connection = await acquire();
      try {
        await connection.query(PROBE);
      } finally {
        database.client.releaseConnection(connection);
      }
    },
  });
  const spoiled = new WeakSet<Client>();
  const database = make({
    opened: (connection) =>
      hearQueries(connection, (error) => {
        if (isPostgresSilence(error)) circuit.failed(error);
        else circuit.answered();
        if (!error || isPostgresAnswer(error)) return;
        spoiled.add(connection);
        connection.end().catch(() => undefined);
      }),
    isFit: (connection) => !spoiled.has(connection),
  });
  const acquire: () => Promise<Client> = database.client.acquireConnection.bind(database.client);
  database.client.acquireConnection = async () => {
    circuit.check();
    try {
      return await acquire();
    } catch (error) {
      if (isPostgresSilence(error)) circuit.failed(error);
      throw error;
    }
  };
  return database;
}
