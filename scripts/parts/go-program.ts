import { existsSync } from "node:fs";
import { Failure } from "../failure.ts";
import { runCommand } from "../run-command.ts";
import { findProgram } from "./find-program.ts";
import { ensureGoToolchain, TOOLCHAIN_VERSION } from "./go-toolchain.ts";
import { type GoUse, type GoVersion, goUse, parseGoVersion } from "./go-version.ts";

const GO_FOLDERS = ["/usr/local/go/bin/go", "/opt/homebrew/bin/go", "/usr/lib/go/bin/go"];

/** The Go of this machine. */
export type InstalledGo = {
  readonly path: string;
  /** Such as `go version go1.26.8 linux/amd64`. */
  readonly words: string;
  readonly use: GoUse;
};

/** A Go that builds, and the environment it needs for that. */
export type GoCommand = { readonly command: string; readonly env: Readonly<Record<string, string>> };

/** The Go program, on PATH or where its installers put it; null when there is none. */
export function findGo(): string | null {
  return findProgram("go") ?? GO_FOLDERS.find((path) => existsSync(path)) ?? null;
}

/** Asks the found Go what it is; null when there is none. */
export async function inspectGo(needed: GoVersion): Promise<InstalledGo | null> {
  const path = findGo();
  if (!path) return null;
  // Away from any go.mod, which would have a newer Go speak for the version it switches to.
  const { stdout } = await runCommand(path, ["version"], { cwd: "/" });
  return { path, words: stdout.trim() || "go: version unknown", use: goUse(parseGoVersion(stdout), needed) };
}

/**
 * A Go that builds a module, downloaded by the installed one where that is too old (Debian 12 packages Go 1.19).
 * @param needed what the module's go.mod asks for.
 * @throws Failure when Go is missing, too old even to download, or the download fails.
 */
export async function obtainGo(needed: GoVersion, onProgress: (line: string) => void): Promise<GoCommand> {
  const oldest = needed.slice(0, 2).join(".");
  const remedy = `Install Go ${oldest} or newer (https://go.dev/dl), or start with Docker: ./manage.sh start --docker`;
  const found = await inspectGo(needed);
  if (!found) throw new Failure("Go is not installed, and Kratos is built with it.", remedy);
  if (found.use === "too-old") {
    throw new Failure(`The installed Go is too old to build Kratos: ${found.words}.`, remedy);
  }
  if (found.use === "itself") return { command: found.path, env: { GOTOOLCHAIN: process.env.GOTOOLCHAIN || "auto" } };
  onProgress(`The installed Go is older than ${oldest} (${found.words}): Go ${TOOLCHAIN_VERSION} is used instead`);
  const root = await ensureGoToolchain(found.path, onProgress);
  return { command: `${root}/bin/go`, env: { GOROOT: root, GOTOOLCHAIN: "local" } };
}
