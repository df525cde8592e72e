import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

export type MockRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
};

export type MockAnswer = {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers no sooner than this settles. */
  readonly after?: Promise<unknown>;
  /** Closes the connection instead of answering. */
  readonly hangUp?: boolean;
};

export type MockHandler = (request: MockRequest) => MockAnswer;

export type MockServer = {
  readonly origin: string;
  /** Everything that was asked for, oldest first. */
  readonly seen: MockRequest[];
  /** Answers `METHOD /path` from now on; an answer or a function of the request. */
  on(call: string, answer: MockAnswer | MockHandler): void;
  /** Forgets all answers and requests. */
  reset(): void;
  stop(): Promise<void>;
};

const PAGES = /^\/(login|register|verify|recover|recovery-codes|account|help|error)(\/|$)/;
const OWN_CALLS = /^\/(api|\.ory|\.passbridge)\//;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The gateway's own policy for the pages. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const UPSTREAM = "<!doctype html><html lang=en><title>Upstream</title><h1>The application</h1>";

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? null : JSON.parse(text);
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  try {
    const content = await readFile(path);
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("Content-Encoding", "gzip");
    response.end(gzipSync(content));
  } catch {
    response.writeHead(404).end();
  }
}

async function sendAnswer(response: ServerResponse, answer: MockAnswer): Promise<void> {
  await answer.after;
  if (answer.hangUp) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status ?? 200, { "Content-Type": "application/json", ...answer.headers });
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}

async function read(request: IncomingMessage): Promise<MockRequest> {
  const url = new URL(request.url ?? "/", "http://localhost");
  return { method: request.method ?? "GET", path: url.pathname, query: url.searchParams, body: await bodyOf(request) };
}

/** What needs no answer of the test's: assets, pages, 404 for the gateway's own calls, and an application behind it. */
async function sendDefault(response: ServerResponse, path: string, pagesFolder: string): Promise<void> {
  if (path.startsWith("/passbridge/")) return sendFile(response, join(pagesFolder, path.slice("/passbridge/".length)));
  if (PAGES.test(path)) return sendFile(response, join(pagesFolder, "index.html"));
  if (OWN_CALLS.test(path)) return sendAnswer(response, { status: 404, body: { code: "not_found" } });
  response.setHeader("Content-Type", "text/html").end(UPSTREAM);
  return undefined;
}

/** A gateway played by a table of answers: serves the built pages with the real policy, and stands in for all else. */
export async function startMockServer(pagesFolder: string): Promise<MockServer> {
  const answers = new Map<string, MockAnswer | MockHandler>();
  const seen: MockRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = await read(request);
    seen.push(asked);
    const answer = answers.get(`${asked.method} ${asked.path}`);
    if (answer) await sendAnswer(response, typeof answer === "function" ? answer(asked) : answer);
    else await sendDefault(response, asked.path, pagesFolder);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "localhost", resolve);
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    on: (call, answer) => void answers.set(call, answer),
    reset: () => {
      answers.clear();
      seen.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
