import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, messageOf } from "../failure.ts";
import { runOrThrow, type UnixUser } from "../run-command.ts";
import { findPostgresPrograms } from "./find-program.ts";
import type { PartPlan } from "./part.ts";
import { findUnprivilegedUser, makeOwnedFolder } from "./unprivileged-user.ts";

export const POSTGRES_USER = "passbridge";
export const DATABASES = ["kratos", "gateway"];

export type PostgresOptions = {
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  /** Further `name=value` server settings. */
  readonly serverSettings?: readonly string[];
  readonly initdbArgs?: readonly string[];
};

const SERVER_SETTINGS = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];

/** The connection URL of one of the server's databases. */
export function postgresUrl(options: Pick<PostgresOptions, "port" | "password">, database: string): string {
  return `postgres://${POSTGRES_USER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`;
}

function serverPrograms(dataDir: string): string {
  const versionFile = join(dataDir, "PG_VERSION");
  const major = existsSync(versionFile) ? Number(readFileSync(versionFile, "utf8")) : undefined;
  const folder = findPostgresPrograms(major);
  if (folder) return folder;
  throw new Failure(
    major
      ? `The data in ${dataDir} needs PostgreSQL ${major}, which is not installed.`
      : "PostgreSQL is not installed.",
    `Install PostgreSQL ${major ?? "15 or newer"} and start again.`,
  );
}

async function initialise(
  programs: string,
  options: PostgresOptions,
  user: UnixUser | null,
  log?: number,
): Promise<void> {
  const { dataDir, password, initdbArgs = [] } = options;
  if (existsSync(join(dataDir, "PG_VERSION"))) return;
  makeOwnedFolder(dataDir, user);
  const secretDir = mkdtempSync(join(tmpdir(), "passbridge-initdb-"));
  makeOwnedFolder(secretDir, user);
  const passwordFile = join(secretDir, "password");
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o644 });
    const args = ["-D", dataDir, "-U", POSTGRES_USER, `--pwfile=${passwordFile}`, "-A", "scram-sha-256"];
    await runOrThrow(join(programs, "initdb"), [...args, "-E", "UTF8", "--no-locale", ...initdbArgs], {
      user,
      cwd: secretDir,
      ...(log !== undefined && { logTo: log }),
    });
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
  }
}

/**
 * Runs one SQL command as the server's owner.
 * @returns the rows as unaligned text.
 * @throws Error with the server's message.
 */
export function runSql(options: PostgresOptions, sql: string, database = "postgres"): Promise<string> {
  const url = postgresUrl({ port: options.port, password: "" }, database).replace(":@", "@");
  return runOrThrow(join(serverPrograms(options.dataDir), "psql"), ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url], {
    env: { PATH: process.env.PATH, PGPASSWORD: options.password, PGCONNECT_TIMEOUT: "5" },
  });
}

async function checkConnection(options: PostgresOptions): Promise<void> {
  try {
    await runSql(options, "SELECT 1");
  } catch (error) {
    if (!messageOf(error).includes("password authentication failed")) throw error;
    throw new Failure(
      `PostgreSQL refuses the password: the data in ${options.dataDir} was made with another POSTGRES_PASSWORD.`,
      "Set the POSTGRES_PASSWORD it was made with, or remove that folder to begin with an empty database.",
    );
  }
}

/** Makes a database unless it is there. The name is a plain identifier of letters, digits and underscores. */
export async function ensureDatabase(options: PostgresOptions, name: string, template = "template0"): Promise<void> {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`not a database name: ${name}`);
  const found = await runSql(options, `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (found === "") await runSql(options, `CREATE DATABASE ${name} TEMPLATE ${template}`);
}

/**
 * A private PostgreSQL on the loopback address, with the databases `kratos` and `gateway`; password only, no unix socket.
 * Started by root it runs under an unprivileged account that owns the data folder.
 * @throws Failure when no fitting PostgreSQL is installed.
 */
export async function planPostgres(options: PostgresOptions): Promise<PartPlan> {
  const programs = serverPrograms(options.dataDir);
  const user = await findUnprivilegedUser();
  const settings = [...SERVER_SETTINGS, `port=${options.port}`, ...(options.serverSettings ?? [])];
  return {
    name: "postgres",
    command: join(programs, "postgres"),
    args: ["-D", options.dataDir, ...settings.flatMap((setting) => ["-c", setting])],
    env: { PATH: process.env.PATH },
    cwd: "/",
    user,
    // Fast shutdown: open connections are ended instead of waited for (PostgreSQL manual, 19.5).
    stopSignal: "SIGINT",
    readyTimeout: 30_000,
    prepare: (log) => initialise(programs, options, user, log),
    check: () => checkConnection(options),
    settle: async () => {
      for (const name of DATABASES) await ensureDatabase(options, name);
    },
  };
}
