import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { copyHeaders, keptByNobodyElse, stripUpstreamHeaders } from "./upstream-headers.ts";

/**
 * Streams an upstream's answer to the client: status, headers without hop-by-hop ones and without cookies that are not
 * its own, and the body as it comes. When either side breaks off, so does the other; a client that leaves is no
 * error.
 * @param keepCookie told the name of each cookie the answer sets.
 * @throws what broke the upstream's body off; the client's connection is closed by then.
 */
export async function relayAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  keepCookie: (name: string) => boolean,
): Promise<void> {
  response.statusCode = answer.statusCode ?? 502;
  copyHeaders(keptByNobodyElse(stripUpstreamHeaders(answer.rawHeaders, keepCookie)), response);
  if (answer.readableLength === 0 && !answer.complete) response.flushHeaders();
  // Whichever side breaks off first takes the other along, with the same error: the order tells who it was.
  let clientGone = false;
  response.once("close", () => {
    clientGone = answer.errored === null;
  });
  await pipeline(answer, response).catch((error: unknown) => {
    if (!clientGone) throw error;
  });
}
