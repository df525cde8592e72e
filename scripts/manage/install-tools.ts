import { createInterface } from "node:readline/promises";
import { Failure } from "../failure.ts";
import { findProgram } from "../parts/find-program.ts";
import { runCommand } from "../run-command.ts";
import type { Output } from "./output.ts";
import { findPackageManager, installCommand, type PackageManager, type Tool } from "./tools.ts";

const TRIES = 3;

export type InstallOptions = {
  /** The operator agreed on the command line. */
  readonly yes: boolean;
  readonly isRoot?: boolean;
  readonly terminal?: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream };
};

async function agrees(question: string, { input, output }: NonNullable<InstallOptions["terminal"]>): Promise<boolean> {
  const prompt = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}

/** Without root only sudo can install; Homebrew wants neither. */
function asRoot(command: readonly string[], isRoot: boolean): string[] {
  if (isRoot || command[0] === "brew") return [...command];
  return ["sudo", ...command];
}

async function retry(command: readonly string[], note: (text: string) => void): Promise<void> {
  const [program = "", ...args] = command;
  // RUNLEVEL=1: Debian's invoke-rc.d then leaves the packages' own services stopped; only private ones are wanted here.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (let attempt = 1; ; attempt += 1) {
    const result = await runCommand(program, args, { env });
    if (result.code === 0) return;
    const reason = result.stderr.trim().split("\n").slice(-2).join(" ");
    if (attempt === TRIES) {
      throw new Failure(`${command.join(" ")} failed: ${reason}`, "Run that command yourself, then start again.");
    }
    note(`${program} failed (${reason}); trying again`);
  }
}

async function install(
  manager: PackageManager,
  command: readonly string[],
  names: string,
  options: Required<Pick<InstallOptions, "isRoot">>,
  output: Output,
) {
  await output.step(`Installing ${names}`, async (note) => {
    if (manager === "apt-get") await retry(asRoot(["apt-get", "update"], options.isRoot), note);
    await retry(asRoot(command, options.isRoot), note);
  });
}

async function requireConsent(names: string, typed: string, options: InstallOptions, isRoot: boolean): Promise<void> {
  if (isRoot || options.yes) return;
  const refusal = new Failure(`${names}: not installed.`, `Run ${typed}, or let it be done: add --yes`);
  if (!options.terminal) throw refusal;
  if (!(await agrees(`${names}: not installed. Run ${typed}?`, options.terminal))) throw refusal;
}

/**
 * Installs what is missing: unasked as root or with --yes, else after asking on a terminal.
 * @throws Failure with the command to run when it may not or cannot be installed.
 */
export async function ensureTools(tools: readonly Tool[], output: Output, options: InstallOptions): Promise<void> {
  const missing = tools.filter((tool) => !tool.isPresent());
  if (missing.length === 0) return;
  const names = missing.map((tool) => tool.name).join(", ");
  const manager = findPackageManager();
  if (!manager) throw new Failure(`${names}: not installed.`, "Install it, then start again.");
  const isRoot = options.isRoot ?? process.getuid?.() === 0;
  const command = installCommand(
    manager,
    missing.map((tool) => tool.packages[manager]),
  );
  const typed = asRoot(command, isRoot).join(" ");
  await requireConsent(names, typed, options, isRoot);
  if (!isRoot && manager !== "brew" && !findProgram("sudo")) {
    throw new Failure(`${names}: not installed, and there is no sudo.`, `Run as root: ${command.join(" ")}`);
  }
  await install(manager, command, names, { isRoot }, output);
  const still = missing.filter((tool) => !tool.isPresent()).map((tool) => tool.name);
  if (still.length > 0)
    throw new Failure(`${still.join(", ")}: installed, but not found.`, "Put it on PATH, then start again.");
}
