import { DatabaseError } from "pg";
import { OutageError } from "./errors.ts";
import { isNetworkError } from "./network-errors.ts";

/**
 * SQLSTATE classes and codes by which PostgreSQL says that it cannot serve now: connection, lock-out, no such database,
 * read-only, deadlock and serialization (safe to ask again), resources, time-outs, shutdown, disk.
 */
const SERVER_STATES = /^(08|28|3D000|25006|25P03|40001|40P01|53|55P03|57|58)/;

/** pg and knex's pool report these as plain errors without a code; knex writes the statement before them. */
const CONNECTION_MESSAGES =
  /(?:^| - )(?:Connection terminated|Connection ended unexpectedly|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Unable to acquire a connection|aborted)/;

function isPostgresOutage(error: unknown): boolean {
  if (error instanceof DatabaseError) return SERVER_STATES.test(error.code ?? "");
  if (!(error instanceof Error)) return false;
  return error.name === "KnexTimeoutError" || isNetworkError(error) || CONNECTION_MESSAGES.test(error.message);
}

/**
 * Runs a question to PostgreSQL.
 * @returns its answer.
 * @throws OutageError when PostgreSQL could not be asked; any other error, a programming error, as it is.
 */
export async function askPostgres<T>(question: () => PromiseLike<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw isPostgresOutage(error) ? new OutageError("postgres", error) : error;
  }
}
