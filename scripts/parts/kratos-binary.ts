import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CHECKOUT, cacheFolder } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { withFileLock } from "../file-lock.ts";
import { runCommand } from "../run-command.ts";
import { findProgram } from "./find-program.ts";

const MODULE_FOLDER = join(CHECKOUT, "kratos");
const GO_FOLDERS = ["/usr/local/go/bin/go", "/opt/homebrew/bin/go", "/usr/lib/go/bin/go"];
const BUILD_TRIES = 3;
const LOCK_TIMEOUT = 20 * 60_000;
/** The first Go that fetches the toolchain a go.mod asks for by itself (Go toolchains, go.dev/doc/toolchain). */
const OLDEST_SWITCHING_GO = 21;

/** The Kratos version kratos/go.mod asks for, such as `v1.3.1`. */
export function kratosVersion(): string {
  const goMod = readFileSync(join(MODULE_FOLDER, "go.mod"), "utf8");
  const version = /github\.com\/ory\/kratos (v\S+)/.exec(goMod)?.[1];
  if (!version) throw new Error("kratos/go.mod does not require github.com/ory/kratos");
  return version;
}

/** Where the built program lies or will lie: its name changes with every dependency. */
export function kratosBinaryPath(cache = cacheFolder()): string {
  const digest = createHash("sha256")
    .update(readFileSync(join(MODULE_FOLDER, "go.sum")))
    .digest("hex");
  return join(cache, `kratos-${kratosVersion()}-${digest.slice(0, 12)}`);
}

/** The Go program, on PATH or where its installers put it; null when there is none. */
export function findGo(): string | null {
  return findProgram("go") ?? GO_FOLDERS.find((path) => existsSync(path)) ?? null;
}

/** Go's version as [1, minor], from `go version go1.26.8 linux/amd64`; null when the text is none. */
export function parseGoMinor(text: string): number | null {
  const minor = /\bgo1\.(\d+)/.exec(text)?.[1];
  return minor === undefined ? null : Number(minor);
}

async function usableGo(): Promise<string> {
  const remedy = "Install Go 1.24 or newer (https://go.dev/dl), or start with Docker: ./manage.sh start --docker";
  const go = findGo();
  if (!go) throw new Failure("Go is not installed, and Kratos is built with it.", remedy);
  const version = await runCommand(go, ["version"], { cwd: "/" });
  const minor = parseGoMinor(version.stdout);
  if (minor !== null && minor >= OLDEST_SWITCHING_GO) return go;
  throw new Failure(
    `The installed Go is too old to build Kratos: ${version.stdout.trim() || "version unknown"}.`,
    remedy,
  );
}

async function build(target: string, onProgress: (line: string) => void): Promise<void> {
  const go = await usableGo();
  const draft = `${target}.building-${process.pid}`;
  const flags = `-ldflags=-s -w -X github.com/ory/kratos/driver/config.Version=${kratosVersion()}`;
  const args = ["build", "-trimpath", "-buildvcs=false", flags, "-o", draft, "github.com/ory/kratos"];
  const env = { GOTOOLCHAIN: "auto", ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const result = await runCommand(go, args, { cwd: MODULE_FOLDER, env });
      if (result.code === 0) break;
      const reason = result.stderr.trim().split("\n").slice(-3).join("\n");
      if (attempt === BUILD_TRIES) {
        throw new Failure(`Kratos could not be built: ${reason}`, "Check the network and the disk, then start again.");
      }
      onProgress(`Building Kratos failed (${reason}); trying again`);
    }
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

function isBuilt(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the program is in the cache already, so that nothing has to be built. */
export function isKratosBuilt(): boolean {
  return isBuilt(kratosBinaryPath());
}

/**
 * The Kratos program, built once from kratos/go.mod and kept outside the checkout. Concurrent callers build it once.
 * @param onProgress told what takes long.
 * @throws Failure when Go is missing or the build fails.
 */
export async function ensureKratosBinary(onProgress: (line: string) => void = () => undefined): Promise<string> {
  const target = kratosBinaryPath();
  if (isBuilt(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const onWait = () => onProgress("Waiting for another run that is building Kratos");
  const task = async () => {
    if (isBuilt(target)) return;
    await build(target, onProgress);
  };
  await withFileLock(`${target}.lock`, task, { timeout: LOCK_TIMEOUT, onWait });
  return target;
}
