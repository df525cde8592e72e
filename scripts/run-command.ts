import { spawn } from "node:child_process";
import { messageOf } from "./failure.ts";

export type CommandOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: UnixUser | null;
  /** A descriptor that takes both outputs; without it they are collected. */
  readonly logTo?: number;
};

/** Numeric ids of the account a process runs under. */
export type UnixUser = { readonly uid: number; readonly gid: number };

export type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/**
 * Runs a program to its end, without a shell and without stdin.
 * @returns its exit code and outputs; 127 when it could not be started, 128 when a signal ended it.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const output = options.logTo ?? "pipe";
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      stdio: ["ignore", output, output],
      ...(options.env && { env: options.env }),
      ...(options.cwd && { cwd: options.cwd }),
      ...options.user,
    });
    const chunks = { stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk: Buffer) => {
      chunks.stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      chunks.stderr += chunk.toString();
    });
    child.on("error", (error) => resolve({ code: 127, stdout: "", stderr: messageOf(error) }));
    child.on("close", (code) => resolve({ code: code ?? 128, ...chunks }));
  });
}

/**
 * Runs a program that has to succeed.
 * @returns its standard output without the final line break.
 * @throws Error with the last lines of its error output.
 */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) {
    const tail = (result.stderr || result.stdout).trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command} ended with exit code ${result.code}${tail ? `: ${tail}` : ""}`);
  }
  return result.stdout.trimEnd();
}
