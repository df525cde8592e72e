import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Context } from "./context.ts";
import { isDockerUsable } from "./docker.ts";
import type { Output } from "./output.ts";

/** How the services of this checkout run. */
export type Mode = "native" | "docker";

const fileOf = (context: Context) => join(context.dataDir, "mode");

/** How they were started last; native when they never were. */
export function currentMode(context: Context): Mode {
  try {
    return readFileSync(fileOf(context), "utf8").trim() === "docker" ? "docker" : "native";
  } catch {
    return "native";
  }
}

/** Remembers how they run, for stop, status and logs. */
export function rememberMode(context: Context, mode: Mode): void {
  mkdirSync(context.dataDir, { recursive: true });
  writeFileSync(fileOf(context), `${mode}\n`);
}

/** After a stop either way is open again. */
export function forgetMode(context: Context): void {
  rmSync(fileOf(context), { force: true });
}

/**
 * Decides how to start: as asked for, else with Docker where an engine works, else natively.
 * @throws Failure when Docker was asked for and does not work.
 */
export async function chooseMode(flags: ReadonlySet<string>, output: Output, usable = isDockerUsable): Promise<Mode> {
  if (flags.has("--native")) return "native";
  if (await usable()) return "docker";
  if (flags.has("--docker")) {
    throw new Failure(
      "Docker does not answer, or has no compose.",
      "Start the Docker engine, or use ./manage.sh start --native",
    );
  }
  output.line("No working Docker engine with compose here, so everything runs natively.");
  return "native";
}
