import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Failure } from "../failure.ts";
import { findGo, inspectGo, obtainGo } from "./go-program.ts";
import { ensureGoToolchain, TOOLCHAIN_VERSION, toolchainModule } from "./go-toolchain.ts";

const NEEDED = [1, 24, 0] as const;
const VERSION = "go version go1.19.8 linux/amd64";

/** Go 1.19 as far as it is asked: lays a module into its cache as a zip file allows it, without any exec bit. */
const STAND_IN = `#!/bin/sh
if [ "$1" = version ]; then echo "${VERSION}"; exit; fi
echo "$* $GOFLAGS" >> "$0.calls"
dir="$GOMODCACHE/toolchain"
mkdir -p "$dir/bin" "$dir/pkg/tool/any" "$dir/src/bin"
for file in bin/go pkg/tool/any/compile src/_go.mod src/bin/plain.go; do echo "$file" > "$dir/$file"; chmod 444 "$dir/$file"; done
echo "{ \\"Dir\\": \\"$dir\\" }"
`;
const BROKEN = `#!/bin/sh
if [ "$1" = version ]; then echo "${VERSION}"; exit; fi
mkdir -p "$GOMODCACHE/half"
echo "$*" >> "$0.calls"
echo "no route to host" >&2
exit 1
`;

let folder: string;
let go: string;
const calls = async () => (await readFile(`${go}.calls`, "utf8")).trim().split("\n");
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-go-"));
  go = join(folder, "go");
  await writeFile(go, STAND_IN, { mode: 0o755 });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe("toolchainModule", () => {
  it("has Go's names for Node's systems and processors", () => {
    const start = `golang.org/toolchain@v0.0.1-go${TOOLCHAIN_VERSION}`;
    expect(toolchainModule("linux", "x64")).toBe(`${start}.linux-amd64`);
    expect(toolchainModule("darwin", "arm64")).toBe(`${start}.darwin-arm64`);
    expect(toolchainModule("linux", "ia32")).toBe(`${start}.linux-386`);
  });

  it("is none where none is known", () => {
    expect(toolchainModule("aix", "x64")).toBeNull();
    expect(toolchainModule("linux", "mips")).toBeNull();
  });
});

describe("ensureGoToolchain", () => {
  const cacheOf = () => join(folder, "cache");

  it("downloads it once for all who call, programs executable and go.mod files in their place", async () => {
    const roots = await Promise.all([1, 2].map(() => ensureGoToolchain(go, () => undefined, cacheOf())));
    expect(new Set([...roots, await ensureGoToolchain(go, () => undefined, cacheOf())]).size).toBe(1);
    const module = toolchainModule(process.platform, process.arch);
    expect(await calls()).toEqual([`mod download -json ${module} -modcacherw`]);
    const [root = ""] = roots;
    const isRunnable = async (path: string) => ((await stat(join(root, path))).mode & 0o111) === 0o111;
    expect(await isRunnable("bin/go")).toBe(true);
    expect(await isRunnable("pkg/tool/any/compile")).toBe(true);
    expect(await isRunnable("src/bin/plain.go")).toBe(false);
    expect(await readFile(join(root, "src/go.mod"), "utf8")).toBe("src/_go.mod\n");
    expect(existsSync(join(root, "src/_go.mod"))).toBe(false);
    expect(await readdir(cacheOf())).toHaveLength(1);
  });

  it("says why after the third try, and leaves nothing behind", async () => {
    await writeFile(go, BROKEN);
    const notes: string[] = [];
    const failure = await ensureGoToolchain(go, (note) => notes.push(note), cacheOf()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ message: `Downloading Go ${TOOLCHAIN_VERSION} failed: no route to host` });
    expect(notes).toHaveLength(2);
    expect(await calls()).toHaveLength(3);
    expect(await readdir(cacheOf())).toEqual([]);
  });
});

describe("obtainGo", () => {
  const useOnly = (version: string) => {
    vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
    vi.stubEnv("XDG_CACHE_HOME", folder);
    return writeFile(go, STAND_IN.replace("go1.19.8", version));
  };

  it("builds with the downloaded toolchain where the installed Go is too old", async () => {
    await useOnly("go1.19.8");
    expect(await inspectGo(NEEDED)).toEqual({ path: go, words: VERSION, use: "downloads-toolchain" });
    const notes: string[] = [];
    const { command, env } = await obtainGo(NEEDED, (note) => notes.push(note));
    expect(command).toBe(join(folder, "passbridge", `${env.GOROOT?.split("/").at(-1)}`, "bin/go"));
    expect(env).toEqual({ GOROOT: join(command, "../.."), GOTOOLCHAIN: "local" });
    expect(notes).toEqual([expect.stringContaining("older than 1.24")]);
  });

  it("lets a newer Go switch by itself", async () => {
    await useOnly("go1.22.3");
    vi.stubEnv("GOTOOLCHAIN", "");
    expect(await obtainGo(NEEDED, () => undefined)).toEqual({ command: findGo(), env: { GOTOOLCHAIN: "auto" } });
  });

  it("refuses a Go that cannot even download, and says what to install", async () => {
    await useOnly("go1.15.15");
    await expect(obtainGo(NEEDED, () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining("too old to build Kratos: go version go1.15.15"),
      remedy: expect.stringContaining("Install Go 1.24 or newer"),
    });
  });
});
