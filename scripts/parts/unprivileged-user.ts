import { chownSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { runCommand, type UnixUser } from "../run-command.ts";

const CANDIDATES = ["postgres", "nobody"];

/**
 * The account PostgreSQL runs under when this process is root, which PostgreSQL refuses to be.
 * @returns null when this process is not root: then its own account does.
 * @throws Error when there is no unprivileged account.
 */
export async function findUnprivilegedUser(): Promise<UnixUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([runCommand("id", ["-u", name]), runCommand("id", ["-g", name])]);
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(`no account named ${CANDIDATES.join(" or ")}`);
}

/** Whether another account may pass through every folder above this one. */
export function isReachableByOthers(folder: string): boolean {
  for (let parent = dirname(resolve(folder)); ; parent = dirname(parent)) {
    const mode = statSync(parent, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (parent === dirname(parent)) return true;
  }
}

/** Makes a private folder that belongs to the given account. */
export function makeOwnedFolder(folder: string, user: UnixUser | null): void {
  // The folders above must let the account pass; mkdir -p would give them the same mode as the last one.
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}
