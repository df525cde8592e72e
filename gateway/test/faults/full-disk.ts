import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import knex from "knex";
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
  readonly makeRoom: (databaseUrl: string) => Promise<void>;
  /** Once the server is gone. */
  readonly remove: () => Promise<void>;
};

async function run(url: string, statements: readonly string[], name?: string): Promise<void> {
  const target = new URL(url);
  if (name) target.pathname = `/${name}`;
  const database = knex({ client: "pg", connection: target.href });
  try {
    for (const statement of statements) await database.raw(statement);
  } finally {
    await database.destroy();
  }
}

/** Rows of most of a page each, until there is no room for another one. */
async function fillUp(url: string): Promise<void> {
  const rows = "INSERT INTO filler SELECT repeat(md5(random()::text), 180) FROM generate_series(1, 20)";
  try {
    for (;;) await run(url, [rows]);
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
  return {
    take: (url) => {
      const name = new URL(url).pathname.slice(1);
      const space = `CREATE TABLESPACE small_disk LOCATION '${folder}'`;
      return run(url, [space, `ALTER DATABASE ${name} SET TABLESPACE small_disk`], "postgres");
    },
    fill: async (url) => {
      // Whoever adds a credential needs a new page, however much room there is in the last one.
      const fullPages = "ALTER TABLE credentials SET (fillfactor = 10)";
      await run(url, [fullPages, "CREATE TABLE filler (data text)", "ALTER TABLE filler ALTER data SET STORAGE PLAIN"]);
      await fillUp(url);
    },
    makeRoom: (url) => run(url, ["DROP TABLE filler"]),
    remove: async () => {
      await runOrThrow("umount", [folder], {});
      rmSync(folder, { recursive: true });
    },
  };
}
