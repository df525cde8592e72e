import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Problem } from "../errors.ts";
import { problemDocument } from "../http/problem-handler.ts";

/** The head of an HTTP/1.1 answer for a connection that no server writes to any more. */
export function answerHead(status: number, headers: readonly (readonly [name: string, value: string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

/** Refuses an upgrade with a problem document, and closes the connection. */
export function refuseUpgrade(socket: Duplex, problem: Problem, requestId: string): void {
  const body = JSON.stringify(problemDocument(problem, requestId));
  const retryAfter = problem.retryAfter === undefined ? [] : [["Retry-After", String(problem.retryAfter)] as const];
  const head = answerHead(problem.status, [
    ["Content-Type", "application/problem+json"],
    ["Content-Length", String(Buffer.byteLength(body))],
    ["Cache-Control", "no-store"],
    ["X-Request-Id", requestId],
    ...retryAfter,
    ["Connection", "close"],
  ]);
  socket.end(head + body, () => socket.destroy());
}
