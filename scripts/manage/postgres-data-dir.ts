import { createHash } from "node:crypto";
import { join } from "node:path";
import { isReachableByOthers } from "../parts/unprivileged-user.ts";

/** Where root's services keep what another account must reach. */
const SYSTEM_FOLDER = "/var/lib/passbridge";

/**
 * The folder of PostgreSQL's data: in the data folder, unless root started it below a folder such as /root
 * that PostgreSQL's own account may not pass. Then it is a folder of the system's, named after this checkout.
 */
export function postgresDataDir(dataDir: string, isRoot = process.getuid?.() === 0): string {
  const inside = join(dataDir, "postgres");
  if (!isRoot || isReachableByOthers(inside)) return inside;
  return join(SYSTEM_FOLDER, createHash("sha256").update(dataDir).digest("hex").slice(0, 12), "postgres");
}
