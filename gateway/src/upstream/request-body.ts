import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { Problem } from "../errors.ts";

/** How long a client may go on sending a body nobody reads: cut at once, it might never see the answer. */
const LINGER = 5_000;

/** How long a body that is read whole may take to arrive. */
const ARRIVAL = 30_000;

/** Whether a request announces a body (RFC 9112, section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/** Methods whose requests have no body where they announce none; of others servers want to hear it (RFC 9110, 8.6). */
const WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS"]);

/** The framing header for a body that is passed on as it comes; Node's parser has refused contradictory ones. */
export function framingHeaders({ headers, method = "" }: IncomingMessage): string[] {
  if (headers["transfer-encoding"] !== undefined) return ["Transfer-Encoding", "chunked"];
  const length = headers["content-length"];
  if (length !== undefined) return ["Content-Length", length];
  return WITHOUT_BODY.has(method) ? [] : ["Content-Length", "0"];
}

/** Reads the rest of a request to nowhere, for a while, so that the answer arrives and the connection can go on. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER);
  request.once("close", () => clearTimeout(timer));
  request.unpipe();
  request.resume();
}

const tooLarge = (limit: number) =>
  new Problem("payload_too_large", { detail: `The body may have ${limit} bytes at most.` });

/**
 * A request's body as it is passed on; null without one. A body without a length fails with Problem payload_too_large
 * as soon as it is over the limit; Node holds others to the length they announce.
 * @param limit in bytes; null: any length.
 * @throws Problem payload_too_large when the announced length is over it.
 */
export function bodyWithin(request: IncomingMessage, limit: number | null): Readable | null {
  if (!hasBody(request)) return null;
  if (limit === null) return request;
  if (request.headers["transfer-encoding"] === undefined) {
    if (Number(request.headers["content-length"]) > limit) throw tooLarge(limit);
    return request;
  }
  let size = 0;
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  return request.pipe(counted);
}

/**
 * A whole request body. Whoever gets a refusal still has to answer it, and to discard the rest.
 * @throws Problem payload_too_large beyond the limit, without reading on; request_timeout when it takes too long;
 *   invalid_request when it breaks off.
 */
export async function readBody(request: IncomingMessage, limit: number, arrival = ARRIVAL): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) reject(tooLarge(limit));
    else chunks.push(chunk);
  };
  const finish = () => resolve(Buffer.concat(chunks, size));
  const breakOff = (cause?: unknown) => reject(new Problem("invalid_request", { cause }));
  const timer = setTimeout(() => reject(new Problem("request_timeout")), arrival);
  request.on("data", take).once("end", finish).once("error", breakOff).once("close", breakOff);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    request.pause().off("data", take).off("end", finish).off("error", breakOff).off("close", breakOff);
  }
}
