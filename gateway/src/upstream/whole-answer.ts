import type { IncomingMessage, ServerResponse } from "node:http";
import { OutageError } from "../errors.ts";
import { copyHeaders, keptByNobodyElse, stripUpstreamHeaders } from "./upstream-headers.ts";

const MAX_ANSWER = 1024 * 1024;

/** An answer of Kratos that was read to its end before the client gets any of it. */
export type WholeAnswer = {
  readonly message: IncomingMessage;
  readonly body: Buffer;
  /** The body's JSON; null when it is none. */
  readonly json: unknown;
};

function parse(message: IncomingMessage, body: Buffer): unknown {
  if (!/^application\/json\s*(;|$)/i.test(message.headers["content-type"] ?? "")) return null;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** Reads an answer whole. Throws OutageError when it breaks off or is larger than any flow. */
export async function readWhole(message: IncomingMessage): Promise<WholeAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      size += chunk.length;
      if (size > MAX_ANSWER) throw new Error("the answer is too large");
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new OutageError("kratos", cause);
  }
  const body = Buffer.concat(chunks, size);
  return { message, body, json: parse(message, body) };
}

/** Sends such an answer on; a client that left meanwhile is no error. */
export function relayWhole(
  { message, body }: WholeAnswer,
  response: ServerResponse,
  keepCookie: (name: string) => boolean,
): void {
  if (response.destroyed) return;
  response.statusCode = message.statusCode ?? 502;
  copyHeaders(keptByNobodyElse(stripUpstreamHeaders(message.rawHeaders, keepCookie)), response);
  response.setHeader("Content-Length", body.length);
  response.end(body);
}
