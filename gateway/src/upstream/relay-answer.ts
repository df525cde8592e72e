import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { copyHeaders, stripUpstreamHeaders } from "./upstream-headers.ts";

/**
 * Streams an upstream's answer to the client: status, headers without hop-by-hop ones and without cookies that are not
 * its own, and the body as it comes. When either side breaks off, so does the other.
 * @param keepCookie told the name of each cookie the answer sets.
 * @throws whatever broke the body off; the client's connection is closed by then.
 */
export async function relayAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  keepCookie: (name: string) => boolean,
): Promise<void> {
  response.statusCode = answer.statusCode ?? 502;
  copyHeaders(stripUpstreamHeaders(answer.rawHeaders, keepCookie), response);
  if (answer.readableLength === 0 && !answer.complete) response.flushHeaders();
  await pipeline(answer, response);
}
