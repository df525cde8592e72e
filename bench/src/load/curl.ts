import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../../scripts/failure.ts";
import { findProgram } from "../../../scripts/parts/find-program.ts";
import { runCommand } from "../../../scripts/run-command.ts";
import type { Run } from "../rounds.ts";
import type { PageRequest } from "./wrk.ts";

/** Large bodies, all under way at the same time. */
export type Transfers = {
  readonly count: number;
  readonly request: PageRequest;
  readonly bytes: number;
  /** Sent by PUT; without it a body is fetched. The answer to a sent body is its size. */
  readonly upload?: string;
};

/** A line of curl's configuration file (curl(1), --config). */
const line = (name: string, value: string) => `${name} = ${JSON.stringify(value)}\n`;

/** Each transfer says what came of it: status, bytes received, bytes sent. */
function configuration({ count, request: { url, headers = {} }, upload }: Transfers): string {
  const each = line("url", url) + line("output", "/dev/null") + (upload ? line("upload-file", upload) : "");
  // curl would wait for a 100 Continue before a large body.
  const sent = Object.entries({ ...headers, Expect: "" }).map(([name, value]) =>
    line("header", `${name}:${value && ` ${value}`}`),
  );
  const how = line("write-out", "%{http_code} %{size_download} %{size_upload}\\n");
  return `silent\nno-progress-meter\nparallel\nparallel-immediate\nparallel-max = ${count}\n${how}${sent.join("")}${each.repeat(count)}`;
}

function requireGood(name: string, { count, bytes, upload }: Transfers, output: string): void {
  const good = upload ? `200 ${String(bytes).length} ${bytes}` : `200 ${bytes} 0`;
  const lines = output.trim().split("\n");
  const wrong = lines.filter((each) => each !== good);
  if (lines.length === count && wrong.length === 0) return;
  throw new Error(
    `${name} did not do its work: ${lines.length} answers, of which wrong: ${wrong.slice(0, 3).join("; ")}`,
  );
}

/**
 * Has curl move large bodies, each over a connection of its own, and looks at every answer's status and sizes.
 * @throws Error when one was not whole; Failure without curl.
 */
export async function runCurl(name: string, transfers: Transfers): Promise<Run> {
  const program = findProgram("curl");
  if (!program)
    throw new Failure("curl is not installed.", "Install curl, which moves the large bodies, and start again.");
  const folder = mkdtempSync(join(tmpdir(), "passbridge-curl-"));
  const file = join(folder, "config");
  try {
    writeFileSync(file, configuration(transfers), { mode: 0o600 });
    const began = performance.now();
    const { stdout, stderr } = await runCommand(program, ["--config", file]);
    const seconds = (performance.now() - began) / 1_000;
    requireGood(name, transfers, stdout || stderr);
    return { done: transfers.count, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
