import { Failure } from "../failure.ts";
import { type CommandOptions, runCommand } from "../run-command.ts";

const TRIES = 3;

type Telling = {
  /** What the program does, as the beginning of a sentence: "Building Kratos". */
  readonly what: string;
  readonly onProgress: (line: string) => void;
};

/**
 * Runs a program that downloads something, three times at most.
 * @returns its standard output.
 * @throws Failure with the end of its error output.
 */
export async function runWithRetries(
  command: string,
  args: readonly string[],
  options: CommandOptions,
  { what, onProgress }: Telling,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const { code, stdout, stderr } = await runCommand(command, args, options);
    if (code === 0) return stdout;
    const reason = (stderr.trim() || stdout.trim()).split("\n").slice(-3).join("\n");
    if (attempt === TRIES) {
      throw new Failure(`${what} failed: ${reason}`, "Check the network and the disk, then start again.");
    }
    onProgress(`${what} failed (${reason}); trying again`);
  }
}
