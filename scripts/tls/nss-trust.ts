import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { runCommand, runOrThrow } from "../run-command.ts";

/** The folder in which Chromium and Chrome on Linux keep an account's certificates. */
export function nssDatabase(home: string): string {
  return join(home, ".pki", "nssdb");
}

/** Makes an NSS database (without a password) where there is none. */
async function ensureDatabase(folder: string): Promise<void> {
  if (existsSync(join(folder, "cert9.db"))) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await runOrThrow("certutil", ["-N", "-d", `sql:${folder}`, "--empty-password"]);
}

/**
 * Has the browsers that use an NSS database trust a CA for web sites; once is enough, twice is fine.
 * @param database the database's folder; made when missing.
 * @throws Failure when certutil is not installed.
 */
export async function trustInNss(caFile: string, database: string): Promise<void> {
  if ((await runCommand("certutil", ["-H"])).code === 127) {
    throw new Failure("certutil is not installed.", "Install it (Debian: apt-get install libnss3-tools).");
  }
  await ensureDatabase(database);
  const name = /^CN=(.+)$/m.exec(new X509Certificate(await readFile(caFile)).subject)?.[1] ?? caFile;
  await runOrThrow("certutil", ["-A", "-d", `sql:${database}`, "-t", "C,,", "-n", name, "-i", caFile]);
}
