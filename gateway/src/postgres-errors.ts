import { DatabaseError } from "pg";
import { OutageError } from "./errors.ts";
import { isNetworkError } from "./network-errors.ts";

/**
 * SQLSTATE classes and codes by which PostgreSQL says that it cannot serve now: connection, lock-out, no such database,
 * read-only, deadlock and serialization (safe to ask again), resources, time-outs, shutdown, disk.
 */
const SERVER_STATES = /^(08|28|3D000|25006|25P03|40001|40P01|53|55P03|57|58)/;

/** Those after which the same server may be away, or no longer the one that accepts writes. */
const LOST_STATES = /^(08|25006|57P0[123])/;

/** pg and knex's pool report these as plain errors without a code; knex writes the statement before them. */
const CONNECTION_MESSAGES =
  /(?:^| - )(?:Connection terminated|Connection ended unexpectedly|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Received unexpected|Unable to acquire a connection|aborted)/;

/** What OpenSSL and Node say of a server's certificate, and of a handshake that failed. */
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|UNABLE_TO_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_CA$)/;
const TLS_MESSAGES = /^(?:The server does not support SSL|There was an error establishing an SSL) connection/;

/** Of several servers, or of one that was asked, none accepts writes. */
export class NoPrimaryError extends Error {
  override readonly name = "NoPrimaryError";
}

function isTlsError(error: Error): boolean {
  return TLS_MESSAGES.test(error.message) || ("code" in error && TLS_CODES.test(String(error.code)));
}

const isCutOff = (error: Error) => isNetworkError(error) || CONNECTION_MESSAGES.test(error.message);

/** Whether an error is PostgreSQL's own word, which has an SQLSTATE; pg makes the same of bytes that are no message. */
export const isPostgresAnswer = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code !== undefined;

/** Whether PostgreSQL did not answer at all, or not in time. */
export function isPostgresSilence(error: unknown): boolean {
  if (!(error instanceof Error) || isPostgresAnswer(error)) return false;
  if (error instanceof DatabaseError) return true;
  if (error instanceof NoPrimaryError || error.name === "KnexTimeoutError") return true;
  return isCutOff(error) || isTlsError(error);
}

function isPostgresOutage(error: unknown): boolean {
  if (isPostgresAnswer(error)) return SERVER_STATES.test(error.code ?? "");
  return isPostgresSilence(error);
}

/** Whether an error says that the server went away or refuses writes: what a failover looks like to who is connected. */
export function isServerLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return LOST_STATES.test(error.code ?? "");
  return error instanceof Error && isCutOff(error);
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
