import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { findFreePort } from "../../../scripts/free-port.ts";
import { findPostgresPrograms } from "../../../scripts/parts/find-program.ts";
import { POSTGRES_USER } from "../../../scripts/parts/postgres.ts";
import { findUnprivilegedUser, makeOwnedFolder } from "../../../scripts/parts/unprivileged-user.ts";
import { runOrThrow } from "../../../scripts/run-command.ts";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { makeServerFolder, newTestPostgres, planTestPostgres, type TestPostgres } from "./postgres-server.ts";

/** A primary and its streaming standby, which acknowledge a commit only when both have it. */
export type PostgresPair = {
  readonly primary: () => TestPostgres;
  readonly standby: () => TestPostgres;
  /** The URL with both servers, the standby first. */
  readonly url: (database: string) => string;
  /** SIGKILL: what a machine that is gone looks like. */
  readonly killPrimary: () => Promise<void>;
  /** The standby becomes the primary. */
  readonly promote: () => Promise<void>;
  /** A standby from the primary's data, in place of the server that is gone. */
  readonly addStandby: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Copies the primary's data, with the settings by which the copy follows it. */
async function copyOf({ options }: TestPostgres, dataDir: string, ownPort: number): Promise<TestPostgres> {
  const user = await findUnprivilegedUser();
  makeOwnedFolder(dataDir, user);
  const { port, password } = options;
  const from = ["-h", "127.0.0.1", "-p", String(port), "-U", POSTGRES_USER];
  const args = [...from, "-D", dataDir, "-R", "-X", "stream", "-c", "fast", "--no-sync"];
  const env = { PATH: process.env.PATH, PGPASSWORD: password };
  await runOrThrow(join(findPostgresPrograms() ?? "", "pg_basebackup"), args, { user, env, cwd: "/" });
  return planTestPostgres(dataDir, password, ownPort);
}

const SYNCHRONOUS = readFileSync(join(import.meta.dirname, "../../../deploy/postgres/synchronous.conf"), "utf8");

/** Only from here on: a primary that waits for a standby before there is one would never answer. */
async function commitOnBoth({ sql }: TestPostgres): Promise<void> {
  for (const [setting] of SYNCHRONOUS.matchAll(/^\w+ = .+$/gm)) await sql(`ALTER SYSTEM SET ${setting}`);
  await sql("SELECT pg_reload_conf()");
  const follows = async () => expect(await sql("SELECT sync_state FROM pg_stat_replication")).toBe("quorum");
  await waitUntil(follows, { what: "a synchronous standby", timeout: 20_000 });
}

function urlOfBoth(first: TestPostgres, second: TestPostgres, database: string): string {
  const both = `127.0.0.1:${first.options.port},127.0.0.1:${second.options.port}`;
  return first.url(database).replace(/@[^/]+/, `@${both}`);
}

/** Starts a primary and a standby of it. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = makeServerFolder();
  let copies = 0;
  let primary = await newTestPostgres(join(folder.path, "first"));
  const startCopy = async (port: number) => {
    copies += 1;
    const made = await copyOf(primary, join(folder.path, `copy-${copies}`), port);
    await made.part.start();
    await commitOnBoth(primary);
    return made;
  };
  await primary.part.start();
  let standby = await startCopy(await findFreePort());
  return {
    primary: () => primary,
    standby: () => standby,
    url: (database) => urlOfBoth(standby, primary, database),
    killPrimary: () => primary.part.kill(),
    promote: async () => {
      expect(await standby.sql("SELECT pg_promote()")).toBe("t");
      [primary, standby] = [standby, primary];
    },
    addStandby: async () => {
      standby = await startCopy(standby.options.port);
    },
    stop: async () => {
      await Promise.all([standby.part.stop(), primary.part.stop()]);
      folder.remove();
    },
  };
}
