import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../checkout.ts";
import { withFileLock } from "../file-lock.ts";
import { isExecutable } from "./find-program.ts";
import { obtainGo } from "./go-program.ts";
import { type GoVersion, parseGoDirective } from "./go-version.ts";
import { runWithRetries } from "./run-with-retries.ts";

const LOCK_TIMEOUT = 20 * 60_000;

/** A program that a go.mod here pins as a tool. */
export type GoTool = {
  /** As people know it: "Kratos". */
  readonly title: string;
  /** Where its go.mod and go.sum are. */
  readonly folder: string;
  readonly module: string;
  readonly command: string;
  /** For the linker, with the module's version. */
  readonly linkerFlags: (version: string) => string;
};

const goMod = ({ folder }: GoTool) => readFileSync(join(folder, "go.mod"), "utf8");

/**
 * The version the tool's go.mod asks for, such as `v1.3.1`.
 * @throws Error when it asks for none.
 */
export function goToolVersion(tool: GoTool): string {
  const name = tool.module.replaceAll(".", "\\.");
  const version = new RegExp(`^(?:require )?\\s*${name} (v\\S+)`, "m").exec(goMod(tool))?.[1];
  if (!version) throw new Error(`${tool.folder}/go.mod does not require ${tool.module}`);
  return version;
}

/** The Go that the tool's go.mod asks for. */
export function goForTool(tool: GoTool): GoVersion {
  return parseGoDirective(goMod(tool));
}

/** Where the built program lies or will lie: its name changes with every dependency. */
export function goToolPath(tool: GoTool, cache = cacheFolder()): string {
  const digest = createHash("sha256")
    .update(readFileSync(join(tool.folder, "go.sum")))
    .digest("hex");
  return join(cache, `${tool.title.toLowerCase()}-${goToolVersion(tool)}-${digest.slice(0, 12)}`);
}

async function build(tool: GoTool, target: string, onProgress: (line: string) => void): Promise<void> {
  const go = await obtainGo(goForTool(tool), onProgress);
  const draft = `${target}.building-${process.pid}`;
  const flags = `-ldflags=-s -w ${tool.linkerFlags(goToolVersion(tool))}`;
  const args = ["build", "-trimpath", "-buildvcs=false", flags, "-o", draft, tool.command];
  const env = { ...process.env, ...go.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" };
  const what = `Building ${tool.title}`;
  try {
    await runWithRetries(go.command, args, { cwd: tool.folder, env }, { what, onProgress });
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether the program is in the cache already, so that nothing has to be built. */
export function isGoToolBuilt(tool: GoTool): boolean {
  return isExecutable(goToolPath(tool));
}

/**
 * A tool's program, built once and kept outside the checkout. Concurrent callers build it once.
 * @param onProgress told what takes long.
 * @returns its path.
 * @throws Failure when Go is missing or too old, or the build fails.
 */
export async function ensureGoTool(tool: GoTool, onProgress: (line: string) => void): Promise<string> {
  const target = goToolPath(tool);
  if (isExecutable(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const onWait = () => onProgress(`Waiting for another run that is building ${tool.title}`);
  const task = async () => {
    if (isExecutable(target)) return;
    await build(tool, target, onProgress);
  };
  await withFileLock(`${target}.lock`, task, { timeout: LOCK_TIMEOUT, onWait });
  return target;
}
