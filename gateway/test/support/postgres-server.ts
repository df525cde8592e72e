import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../../scripts/free-port.ts";
import { createPart, type Part } from "../../../scripts/parts/part.ts";
import { type PostgresOptions, planPostgres, postgresUrl, runSql } from "../../../scripts/parts/postgres.ts";
import { findUnprivilegedUser } from "../../../scripts/parts/unprivileged-user.ts";
import { copyPostgresTemplate } from "../../../scripts/test-postgres-template.ts";

/** A PostgreSQL of a test's own, whose settings, data and end are the test's. */
export type TestPostgres = {
  readonly options: PostgresOptions;
  readonly part: Part;
  readonly url: (database: string) => string;
  readonly sql: (statement: string, database?: string) => Promise<string>;
};

/** A folder that PostgreSQL's account can reach, which root's temporary ones are not. */
export function makeServerFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "passbridge-postgres-"));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A server over a data folder there is; not started. */
export async function planTestPostgres(
  dataDir: string,
  password: string,
  port: number,
  settings: readonly string[] = [],
): Promise<TestPostgres> {
  // Commits are real, but for the disk: it is processes that fail here, and not the machine.
  const serverSettings = ["fsync=off", "full_page_writes=off", ...settings];
  const options = { dataDir, port, password, serverSettings };
  return {
    options,
    part: createPart(await planPostgres(options), `${dataDir}.log`),
    url: (database) => postgresUrl(options, database),
    sql: (statement, database) => runSql(options, statement, database),
  };
}

/** A server over a new data folder; not started. */
export async function newTestPostgres(dataDir: string, settings: readonly string[] = []): Promise<TestPostgres> {
  const password = await copyPostgresTemplate(dataDir);
  return planTestPostgres(dataDir, password, await findFreePort(), settings);
}

/** A file among the server's own that its account alone may read; its path. */
export async function giveFile({ options }: TestPostgres, name: string, text: string): Promise<string> {
  const file = join(options.dataDir, name);
  const user = await findUnprivilegedUser();
  writeFileSync(file, text, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
  return file;
}

/** Puts lines before all others of who may connect how; in force from the next start. */
export function allowFirst({ options }: TestPostgres, lines: readonly string[]): void {
  const file = join(options.dataDir, "pg_hba.conf");
  writeFileSync(file, `${lines.join("\n")}\n${readFileSync(file, "utf8")}`);
}
