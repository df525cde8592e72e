import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFileLock } from "../file-lock.ts";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const LOCK_TIMEOUT = 30_000;
const PUBLIC_FILE = 0o644;

/** One PEM file: its name, its text, and whether only the owner may read it. */
export type PemFile = { readonly name: string; readonly text: string; readonly secret: boolean };

async function writePem(folder: string, file: PemFile): Promise<void> {
  await writeFile(join(folder, file.name), file.text, { mode: file.secret ? PRIVATE_FILE : PUBLIC_FILE, flush: true });
}

/** Puts a set of PEM files in place as one: either all of them are there, or none. The folder must not exist. */
export async function createPemFolder(folder: string, files: readonly PemFile[]): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: PRIVATE_FOLDER });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    for (const file of files) await writePem(draft, file);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Writes one file of a folder at once: a reader sees the old text or the new, never half of it. */
export async function replacePem(folder: string, file: PemFile): Promise<void> {
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const draft = `${file.name}.draft`;
  await writePem(folder, { ...file, name: draft });
  await rename(join(folder, draft), join(folder, file.name));
}

/** Runs a task while no other process changes the folder's CA and certificates. */
export function withTlsLock<Value>(folder: string, task: () => Promise<Value>): Promise<Value> {
  return withFileLock(join(folder, "lock"), task, { timeout: LOCK_TIMEOUT });
}

/** The text of a file, or null where there is none. A secret one is narrowed to its owner on the way. */
export async function readPem(folder: string, name: string, secret: boolean): Promise<string | null> {
  const path = join(folder, name);
  try {
    if (secret) await chmod(path, PRIVATE_FILE);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
