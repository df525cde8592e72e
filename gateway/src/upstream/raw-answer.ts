import { randomUUID } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Problem } from "../errors.ts";
import { problemDocument } from "../http/problem-handler.ts";
import { requestIdOf } from "../http/request-id.ts";

/** The head of an HTTP/1.1 answer for a connection that no server writes to any more. */
export function answerHead(status: number, headers: readonly (readonly [name: string, value: string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

function lastAnswer(problem: Problem, requestId: string) {
  const body = JSON.stringify(problemDocument(problem, requestId));
  const retryAfter = problem.retryAfter === undefined ? [] : [["Retry-After", String(problem.retryAfter)] as const];
  const headers = [
    ["Content-Type", "application/problem+json"],
    ["Content-Length", String(Buffer.byteLength(body))],
    ["Cache-Control", "no-store"],
    ["X-Request-Id", requestId],
    ...retryAfter,
    ["Connection", "close"],
  ] as const;
  return { headers, body };
}

/** Refuses an upgrade, or what is no request at all, with a problem document, and closes the connection. */
export function refuseUpgrade(socket: Duplex, problem: Problem, requestId: string): void {
  const { headers, body } = lastAnswer(problem, requestId);
  socket.end(answerHead(problem.status, headers) + body, () => socket.destroy());
}

/** The same for a request whose handler still waits: what that answers later comes to nothing. */
export function answerProblem(response: ServerResponse, problem: Problem): void {
  const { headers, body } = lastAnswer(problem, requestIdOf(response) || randomUUID());
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(problem.status, headers.flat()).end(body, () => response.destroy());
}
