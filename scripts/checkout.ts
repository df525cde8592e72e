import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder this checkout lies in. */
export const CHECKOUT = resolve(import.meta.dirname, "..");

/** Where things are kept that take long to make and serve every checkout of this account (XDG Base Directory specification). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "passbridge");
}
