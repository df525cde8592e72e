import { type Browser, chromium } from "playwright-core";
import { findProgram } from "../../scripts/parts/find-program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Nothing but this machine is looked up, so that no background service of the browser gets out. */
const FLAGS = [
  "--host-resolver-rules=MAP *.localhost 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE localhost",
  "--disable-domain-reliability",
  "--no-pings",
];

/**
 * The machine's own Chromium, headless.
 * @param home the home folder it finds its certificates in; the account's own unless given.
 * @throws Error when there is none.
 */
export function launchChromium(home?: string): Promise<Browser> {
  const executablePath = NAMES.map(findProgram).find((path) => path !== null);
  if (!executablePath) throw new Error("Chromium is not installed.");
  // Chromium refuses to run as root with its sandbox.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return chromium.launch({
    executablePath,
    args: [...FLAGS, ...sandbox],
    ...(home && { env: { ...env, HOME: home } }),
  });
}
