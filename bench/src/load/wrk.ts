import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Failure } from "../../../scripts/failure.ts";
import { findProgram } from "../../../scripts/parts/find-program.ts";
import type { Run } from "../rounds.ts";
import { luaTable } from "./lua-table.ts";

const SCRIPT = fileURLToPath(import.meta.resolve("./wrk.lua"));
const PATIENCE = 10_000;
/** Seconds after which wrk ends by itself, should nobody have asked it to. */
const TOO_LONG = 30;

/** What every answer has to be. Without a body its length alone counts; headers are written as the server writes them. */
export type ExpectedAnswer = {
  readonly status: number;
  readonly length: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type PageRequest = { readonly url: string; readonly headers?: Readonly<Record<string, string>> };

/** Cookie headers in a file, a line each; every request takes the next one, beginning after the first so many. */
export type CookieList = { readonly file: string; readonly first: number };

export type WrkJob = {
  readonly connections: number;
  readonly milliseconds: number;
  readonly request: PageRequest;
  readonly expected: ExpectedAnswer;
  readonly cookies?: CookieList;
  /** Milliseconds until the first answer, after which there is none to wait for; 10 s unless given. */
  readonly patience?: number;
};

/** The request up to the value of its last header, the cookie. */
function requestHead({ url, headers = {} }: PageRequest): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}cookie: `;
}

function jobTable({ request, expected, cookies }: WrkJob): string {
  const { status, length, body, headers = {} } = expected;
  const list = cookies && { head: requestHead(request), cookies: cookies.file, first: cookies.first };
  return `return ${luaTable({ status, length, headers, ...(body !== undefined && { body }), ...list })}\n`;
}

function wrkArguments({ connections, milliseconds, request }: WrkJob, jobFile: string): string[] {
  const seconds = Math.ceil(milliseconds / 1_000) + TOO_LONG;
  const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const how = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", SCRIPT];
  return [...how, ...headers, request.url, "--", jobFile];
}

function readResult(name: string, output: string): Run {
  const [, done, microseconds, wrong, errors, complaint] = /^result (\d+) (\d+) (\d+) (\d+) (.*)$/m.exec(output) ?? [];
  if (done === undefined) throw new Error(`wrk did not measure ${name}: ${output}`);
  if (Number(done) > 0 && Number(wrong) + Number(errors) === 0) {
    return { done: Number(done), seconds: Number(microseconds) / 1_000_000 };
  }
  throw new Error(`${name} did not do its work: ${done} answers, ${wrong} wrong, ${errors} broken: ${complaint}`);
}

/** Ends wrk by SIGINT, which lets it report: its own -d knows whole seconds alone. */
async function runForTime(
  program: string,
  args: readonly string[],
  { milliseconds, patience = PATIENCE }: Pick<WrkJob, "milliseconds" | "patience">,
): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const stopIn = (delay: number) => setTimeout(() => child.kill("SIGINT"), delay);
  let timer = stopIn(patience);
  let answered = false;
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
    // The script's word that an answer came: on a slow machine a short time could bring none, and nothing to report.
    if (answered || !complaints.includes("answered\n")) return;
    answered = true;
    clearTimeout(timer);
    timer = stopIn(milliseconds);
  });
  try {
    return `${await text(child.stdout)}${complaints}`;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Has wrk send GET requests over so many connections, each the next as soon as the last is answered, and look at every
 * answer.
 * @param name who is asked, for the message of a failure.
 * @throws Error when one answer was wrong: a refusal is quick, and no measure of the work; Failure without wrk.
 */
export async function runWrk(name: string, job: WrkJob): Promise<Run> {
  const program = findProgram("wrk");
  if (!program) throw new Failure("wrk is not installed.", "Install wrk, the load tool, and start again.");
  const folder = mkdtempSync(join(tmpdir(), "passbridge-wrk-"));
  const jobFile = join(folder, "job.lua");
  try {
    writeFileSync(jobFile, jobTable(job), { mode: 0o600 });
    return readResult(name, await runForTime(program, wrkArguments(job, jobFile), job));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
