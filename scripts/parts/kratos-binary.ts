import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CHECKOUT, cacheFolder } from "../checkout.ts";
import { withFileLock } from "../file-lock.ts";
import { isExecutable } from "./find-program.ts";
import { obtainGo } from "./go-program.ts";
import { type GoVersion, parseGoDirective } from "./go-version.ts";
import { runWithRetries } from "./run-with-retries.ts";

const MODULE_FOLDER = join(CHECKOUT, "kratos");
const LOCK_TIMEOUT = 20 * 60_000;

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

/** The Go that kratos/go.mod asks for. */
export function goForKratos(): GoVersion {
  return parseGoDirective(readFileSync(join(MODULE_FOLDER, "go.mod"), "utf8"));
}

async function build(target: string, onProgress: (line: string) => void): Promise<void> {
  const go = await obtainGo(goForKratos(), onProgress);
  const draft = `${target}.building-${process.pid}`;
  const flags = `-ldflags=-s -w -X github.com/ory/kratos/driver/config.Version=${kratosVersion()}`;
  const args = ["build", "-trimpath", "-buildvcs=false", flags, "-o", draft, "github.com/ory/kratos"];
  const env = { ...process.env, ...go.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" };
  try {
    await runWithRetries(go.command, args, { cwd: MODULE_FOLDER, env }, { what: "Building Kratos", onProgress });
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether the program is in the cache already, so that nothing has to be built. */
export function isKratosBuilt(): boolean {
  return isExecutable(kratosBinaryPath());
}

/**
 * The Kratos program, built once from kratos/go.mod and kept outside the checkout. Concurrent callers build it once.
 * @param onProgress told what takes long.
 * @throws Failure when Go is missing or too old, or the build fails.
 */
export async function ensureKratosBinary(onProgress: (line: string) => void = () => undefined): Promise<string> {
  const target = kratosBinaryPath();
  if (isExecutable(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const onWait = () => onProgress("Waiting for another run that is building Kratos");
  const task = async () => {
    if (isExecutable(target)) return;
    await build(target, onProgress);
  };
  await withFileLock(`${target}.lock`, task, { timeout: LOCK_TIMEOUT, onWait });
  return target;
}
