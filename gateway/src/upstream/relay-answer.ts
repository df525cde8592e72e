import type { ServerResponse } from "node:http";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";
import { copyHeaders, keptByNobodyElse, stripUpstreamHeaders } from "./upstream-headers.ts";

/** Up to this size a body that is there as a whole is written in one piece with its head. */
const ONE_PIECE = 16 * 1024;

/** Beside what the gateway had set before, if anything, such as a cookie it clears. */
function writeHead(response: ServerResponse, status: number, headers: readonly [name: string, value: string][]): void {
  const requestId = requestIdOf(response);
  const own = requestId === "" ? [] : [REQUEST_ID_HEADER, requestId];
  if (response.getHeaderNames().length === 0) {
    const others = headers.filter(([name]) => own.length === 0 || name.toLowerCase() !== "x-request-id");
    response.writeHead(status, [...own, ...others.flat()]);
    return;
  }
  if (requestId !== "") response.setHeader(REQUEST_ID_HEADER, requestId);
  copyHeaders(headers, response);
  response.writeHead(status);
}

/**
 * Streams an upstream's answer to the client: status, headers without hop-by-hop ones and without cookies that are not
 * its own, and the body as it comes. When either side breaks off, so does the other; a client that leaves is no
 * error.
 * @param keepCookie told the name of each cookie the answer sets.
 * @throws what broke the upstream's body off; the client's connection is closed then.
 */
export function relayAnswer(
  answer: UpstreamAnswer,
  response: ServerResponse,
  keepCookie: (name: string) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let begun = false;
  writeHead(response, answer.status, keptByNobodyElse(stripUpstreamHeaders(answer.rawHeaders, keepCookie)));
  answer.deliver({
    data: (chunk, resume) => {
      begun = true;
      if (response.write(chunk)) return true;
      response.once("drain", resume);
      return false;
    },
    end: (all) => {
      begun = true;
      if (all && all.length <= ONE_PIECE) response.end(all.toString("latin1"), "latin1");
      else response.end(all);
      resolve();
    },
    fail: (error) => {
      begun = true;
      if (response.destroyed) return resolve();
      // What came before is written first.
      setImmediate(() => response.destroy());
      reject(error);
    },
  });
  if (!begun) response.flushHeaders();
  return promise;
}
