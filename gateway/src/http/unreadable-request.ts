import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Problem, type ProblemCode } from "../errors.ts";
import { refuseUpgrade } from "../upstream/raw-answer.ts";

/** What Node's parser and its timers say, in the contract's codes. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "payload_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/** A response that waits for the one before it on the same connection has no socket yet. */
const isUnderWay = (response: ServerResponse) =>
  !response.writableFinished && (response.headersSent || response.socket === null);

/**
 * Answers what Node's parser refuses with a problem document, and closes the connection. Not while an answer is under
 * way on it: the client would read the refusal as that one's body.
 */
export function answerUnreadable(server: Server): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => latest.set(request.socket, response));
  server.on("clientError", (error: Error, socket: Duplex) => {
    const code = "code" in error ? String(error.code) : "";
    const response = latest.get(socket);
    if (!socket.writable || code === "ECONNRESET" || (response && isUnderWay(response))) {
      socket.destroy();
      return;
    }
    refuseUpgrade(socket, new Problem(CODES[code] ?? "invalid_request"), randomUUID());
  });
}
