import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "../errors.ts";
import { answerProblem } from "../upstream/raw-answer.ts";
import { hasBody } from "../upstream/request-body.ts";

/**
 * Answers 408 to a client that announced a body and falls silent, whoever waits for it, and closes the connection. One
 * whose bytes are there and not taken is not silent, and neither is one that is being answered already.
 * @param silence milliseconds; noticed within twice as many.
 */
export function cutSilentBodies(request: IncomingMessage, response: ServerResponse, silence: number): void {
  if (!hasBody(request)) return;
  let seen = request.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = request.socket;
    const isSilent = bytesRead === seen && request.readableLength === 0 && !response.headersSent;
    seen = bytesRead;
    if (isSilent) answerProblem(response, new Problem("request_timeout"));
  }, silence);
  const stop = () => clearInterval(timer);
  request.once("end", stop).once("close", stop);
}
