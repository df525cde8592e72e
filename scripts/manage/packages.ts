import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";

type LockedPackage = {
  readonly version?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
};
type Lockfile = { readonly packages: Readonly<Record<string, LockedPackage>> };

/**
 * The first package that is not installed as the lockfile has it, or null when all are.
 * @param installed npm's note of what it installed (node_modules/.package-lock.json), which leaves out
 * optional packages for other systems.
 */
export function firstDifference(lockfile: Lockfile, installed: Lockfile): string | null {
  const wanted = Object.entries(lockfile.packages).filter(([path]) => path.includes("node_modules/"));
  const differs = ([path, entry]: [string, LockedPackage]) => {
    const found = installed.packages[path];
    if (!found) return !(entry.optional || entry.devOptional);
    return found.version !== entry.version;
  };
  return wanted.find(differs)?.[0] ?? null;
}

function readLockfile(path: string): Lockfile | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Lockfile) : null;
}

if (import.meta.main) {
  const lockfile = readLockfile(join(CHECKOUT, "package-lock.json"));
  const installed = readLockfile(join(CHECKOUT, "node_modules/.package-lock.json"));
  process.exitCode = lockfile && installed && firstDifference(lockfile, installed) === null ? 0 : 1;
}
