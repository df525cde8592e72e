import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findPostgresPrograms, findProgram, findServer } from "../../scripts/parts/find-program.ts";
import { ensureKratosBinary } from "../../scripts/parts/kratos-binary.ts";
import { runCommand } from "../../scripts/run-command.ts";

/** What the measurement runs on, and how busy it is with other things: to be asked before anything is started. */
export function describeMachine() {
  const [cpu] = cpus();
  const [load = 0] = loadavg();
  return {
    load: Number(load.toFixed(2)),
    cpu: cpu?.model ?? "?",
    cores: cpus().length,
    memory: totalmem(),
    platform: process.platform,
  };
}

const VERSION = /\d+(?:\.\d+)+/;

/** The first version number in what a program says of itself; null when it is missing. */
async function versionOf(program: string | null, ...args: readonly string[]): Promise<string | null> {
  if (!program) return null;
  const { stdout, stderr } = await runCommand(program, args);
  return VERSION.exec(`${stdout}\n${stderr}`)?.[0] ?? null;
}

function packageVersion(name: string): string {
  const lockfile = JSON.parse(readFileSync(join(CHECKOUT, "package-lock.json"), "utf8"));
  return lockfile.packages[`node_modules/${name}`]?.version ?? "?";
}

/** The packages whose speed shows in the results. */
const PACKAGES = ["express", "express-session", "connect-redis", "redis", "pg", "pino", "@simplewebauthn/server"];

/** Versions of the programs and packages that took part. */
export async function readVersions() {
  const postgres = findPostgresPrograms();
  const [nginx, redis, postgresql, kratos, wrk, curl] = await Promise.all([
    versionOf(findServer("nginx"), "-v"),
    versionOf(findProgram("redis-server"), "--version"),
    versionOf(postgres && join(postgres, "postgres"), "--version"),
    versionOf(await ensureKratosBinary(console.error), "version"),
    versionOf(findProgram("wrk"), "-v"),
    versionOf(findProgram("curl"), "--version"),
  ]);
  const packages = Object.fromEntries(PACKAGES.map((name) => [name, packageVersion(name)]));
  return { node: process.versions.node, nginx, kratos, redis, postgresql, wrk, curl, packages };
}
