import { join } from "node:path";
import { findPostgresPrograms } from "../../scripts/parts/find-program.ts";
import { runOrThrow } from "../../scripts/run-command.ts";

/**
 * Runs a statement as nobody but an operator could.
 * @returns what it answers, as text.
 * @throws Error when PostgreSQL is not there or refuses.
 */
export function runSql(databaseUrl: string, sql: string): Promise<string> {
  const programs = findPostgresPrograms();
  if (!programs) throw new Error("PostgreSQL is not installed.");
  return runOrThrow(join(programs, "psql"), ["-qtA", "-d", databaseUrl, "-c", sql]);
}
