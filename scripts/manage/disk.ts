import { mkdirSync, statfsSync } from "node:fs";
import { Failure } from "../failure.ts";

/** What the first build of Kratos takes with its toolchain and caches, and some for the data. */
export const NEEDED_BYTES = 2_000_000_000;

/** Free bytes for this account where the folder lies. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * Makes sure there is room before anything is written.
 * @throws Failure when less than 2 GB is free, or the folder cannot be made.
 */
export function requireDiskSpace(folder: string, free: (folder: string) => number = freeBytes): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new Failure(`${folder} cannot be made.`, "Make it writable, or set PASSBRIDGE_DATA_DIR.", { cause: error });
  }
  const available = free(folder);
  if (available >= NEEDED_BYTES) return;
  const megabytes = Math.floor(available / 1_000_000);
  throw new Failure(
    `Only ${megabytes} MB are free at ${folder}; Passbridge needs 2 GB.`,
    "Free some space, or set PASSBRIDGE_DATA_DIR to a folder on another disk.",
  );
}
