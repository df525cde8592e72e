import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "../failure.ts";

/** Whether there is a file at the path that we may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** The path of a server that distributions keep off the PATH of most accounts, or null. */
export function findServer(name: string): string | null {
  return (
    findProgram(name) ?? ["/usr/sbin", "/usr/local/sbin"].map((folder) => join(folder, name)).find(isExecutable) ?? null
  );
}

/** The path of a proxy to stand in front. Throws Failure when it is not installed. */
export function findFrontProgram(name: string): string {
  const found = findServer(name);
  if (!found) throw new Failure(`${name} is not installed.`, `Install ${name} and start again.`);
  return found;
}

const POSTGRES_FOLDERS = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
];

/** The folder's major version: its first number; 0 when it names none. */
function versionIn(folder: string): number {
  return Number(/(\d+)(?:\.\d+)?\/bin$/.exec(folder)?.[1] ?? 0);
}

/**
 * The folder with PostgreSQL's server programs, the newest first; they are rarely on PATH.
 * @param major only this major version, because a data folder belongs to one.
 * @returns null when there is none.
 */
export function findPostgresPrograms(major?: number): string | null {
  const folders = POSTGRES_FOLDERS.flatMap((pattern) => globSync(pattern))
    .filter((folder) => ["initdb", "postgres", "psql"].every((name) => isExecutable(join(folder, name))))
    .filter((folder) => major === undefined || versionIn(folder) === major)
    .sort((one, other) => versionIn(other) - versionIn(one));
  const onPath = findProgram("initdb");
  return folders[0] ?? (onPath && isExecutable(join(onPath, "../postgres")) ? join(onPath, "..") : null);
}
