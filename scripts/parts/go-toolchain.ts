import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { cacheFolder } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { withFileLock } from "../file-lock.ts";
import { isExecutable } from "./find-program.ts";
import { runWithRetries } from "./run-with-retries.ts";

/** The Go that builds Kratos where the installed one is too old; at least go.mod's `go` directive. */
export const TOOLCHAIN_VERSION = "1.26.8";

const LOCK_TIMEOUT = 20 * 60_000;

/** Go's names (GOOS, GOARCH) for Node's. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const PROCESSORS: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm64: "arm64",
  ia32: "386",
  arm: "arm",
  riscv64: "riscv64",
  s390x: "s390x",
};

function toolchainName(platform: string, arch: string): string | null {
  const system = SYSTEMS[platform];
  const processor = PROCESSORS[arch];
  return system && processor ? `go${TOOLCHAIN_VERSION}.${system}-${processor}` : null;
}

/**
 * The module that holds the toolchain for a machine (Go toolchains, go.dev/doc/toolchain: golang.org/toolchain).
 * @param platform Node's process.platform.
 * @param arch Node's process.arch.
 * @returns such as `golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64`; null when there is none that we know of.
 */
export function toolchainModule(platform: string, arch: string): string | null {
  const name = toolchainName(platform, arch);
  return name && `golang.org/toolchain@v0.0.1-${name}`;
}

/** A module cannot carry exec bits, and its inner go.mod files would end it: Go's own switching undoes both as well. */
async function makeRunnable(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /^(bin|pkg\/tool)\//.test(relative(folder, path).replaceAll(sep, "/"))) {
      await chmod(path, 0o755);
    }
    if (entry.name === "_go.mod") await rename(path, join(entry.parentPath, "go.mod"));
  }
}

/** Go checks what it downloads against the checksum database, as for every module. */
async function download(go: string, module: string, draft: string, onProgress: (line: string) => void) {
  await mkdir(draft, { recursive: true });
  // Its own module cache: writable, so that the toolchain can be moved out and the rest removed by whoever runs this.
  const env = { ...process.env, GOMODCACHE: draft, GOFLAGS: "-modcacherw", GO111MODULE: "on", GOWORK: "off" };
  const what = `Downloading Go ${TOOLCHAIN_VERSION}`;
  const args = ["mod", "download", "-json", module];
  const answer = JSON.parse(await runWithRetries(go, args, { cwd: "/", env }, { what, onProgress })) as { Dir: string };
  return answer.Dir;
}

/**
 * The pinned Go toolchain, downloaded once by an older Go and kept in the cache folder. Concurrent callers get it once.
 * @param go a Go of 1.17 or newer.
 * @returns the toolchain's GOROOT.
 * @throws Failure when there is none for this machine or it cannot be downloaded.
 */
export async function ensureGoToolchain(
  go: string,
  onProgress: (line: string) => void,
  cache = cacheFolder(),
): Promise<string> {
  const { platform, arch } = process;
  const module = toolchainModule(platform, arch);
  if (!module) {
    throw new Failure(
      `There is no Go toolchain to download for ${platform} on ${arch}.`,
      "Install a newer Go (https://go.dev/dl).",
    );
  }
  const target = join(cache, `${toolchainName(platform, arch)}`);
  const draft = `${target}.downloading`;
  const task = async () => {
    if (isExecutable(join(target, "bin/go"))) return target;
    try {
      await rm(draft, { recursive: true, force: true });
      const folder = await download(go, module, draft, onProgress);
      await makeRunnable(folder);
      await rename(folder, target);
      return target;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  };
  return withFileLock(`${target}.lock`, task, { timeout: LOCK_TIMEOUT });
}
