import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import knex, { type Knex } from "knex";
import { DatabaseError } from "pg";
import { findUnprivilegedUser } from "../../../scripts/parts/unprivileged-user.ts";
import { runOrThrow } from "../../../scripts/run-command.ts";

const SIZE = "24m";
/** SQLSTATE disk_full. */
const DISK_FULL = "53100";

/** A small disk that one database lies on; what its server needs to go on lies elsewhere. */
export type SmallDisk = {
  /** Moves the database onto the disk. */
  readonly take: (databaseUrl: string) => Promise<void>;
  readonly fill: (databaseUrl: string) => Promise<void>;
  readonly makeRoom: () => Promise<void>;
  /** Once the server is gone. */
  readonly remove: () => Promise<void>;
};

/** One connection that stays open: on a full disk PostgreSQL may refuse new ones. */
const connect = (url: string) => knex({ client: "pg", connection: url, pool: { min: 1, max: 1 } });

async function run(database: Knex, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await database.raw(statement);
}

/** Rows of most of a page each, until there is no room for another one. */
async function fillUp(database: Knex): Promise<void> {
  const rows = "INSERT INTO filler SELECT repeat(md5(random()::text), 180) FROM generate_series(1, 20)";
  try {
    for (;;) await database.raw(rows);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== DISK_FULL) throw error;
  }
}

/** @throws Error where this process may not mount a file system. */
export async function createSmallDisk(): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), "passbridge-disk-"));
  const user = await findUnprivilegedUser();
  const owner = user ? `,uid=${user.uid},gid=${user.gid},mode=0700` : "";
  await runOrThrow("mount", ["-t", "tmpfs", "-o", `size=${SIZE}${owner}`, "none", folder], {});
  let filling: Knex | null = null;
  return {
    take: async (url) => {
      const target = new URL(url);
      const name = target.pathname.slice(1);
      target.pathname = "/postgres";
      const database = connect(target.href);
      const space = `CREATE TABLESPACE small_disk LOCATION '${folder}'`;
      await run(database, [space, `ALTER DATABASE ${name} SET TABLESPACE small_disk`]);
      await database.destroy();
    },
    fill: async (url) => {
      // A vacuum would give room back. Whoever adds a credential needs a new page, however much room there is in the last one.
      const fullPages = "ALTER TABLE credentials SET (fillfactor = 10)";
      const table = [
        "CREATE TABLE filler (data text) WITH (autovacuum_enabled = false)",
        "ALTER TABLE filler ALTER data SET STORAGE PLAIN",
      ];
      filling = connect(url);
      await run(filling, [fullPages, ...table]);
      await fillUp(filling);
    },
    makeRoom: async () => {
      await filling?.raw("DROP TABLE filler");
      await filling?.destroy();
    },
    remove: async () => {
      await runOrThrow("umount", [folder], {});
      rmSync(folder, { recursive: true });
    },
  };
}
