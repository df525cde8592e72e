import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Metrics, ObservedRequest } from "../operations/metrics.ts";
import type { ClientAddress } from "../upstream/forwarded-headers.ts";
import { EVENT_STREAM } from "./event-writer.ts";
import { isBelow, KRATOS_PATH, OWN_API, PAGES, WELL_KNOWN } from "./own-paths.ts";
import { requestIdOf } from "./request-id.ts";

function partOf(path: string): ObservedRequest["part"] {
  if (isBelow(path, [KRATOS_PATH])) return "kratos";
  if (isBelow(path, [...OWN_API, ...WELL_KNOWN])) return "api";
  return isBelow(path, PAGES) ? "pages" : "upstream";
}

const isEventStream = (response: ServerResponse) => response.getHeader("content-type") === EVENT_STREAM;

/**
 * One line and one observation for each answered request.
 * @param path as it was asked for, without the query, in which flows carry their codes.
 */
export type RequestLog = (request: IncomingMessage, response: ServerResponse, path: string) => void;

export function createRequestLog(log: Logger, metrics: Metrics, addressOf: ClientAddress): RequestLog {
  // The fields below hold no secret, and looking for one in each line costs a tenth of a session check.
  const lines = log.child({}, { redact: [] });
  return (request, response, path) => {
    const start = performance.now();
    const { method = "" } = request;
    // The connection's address is not known any more once it is closed.
    const ip = addressOf(request);
    response.once("close", () => {
      const milliseconds = performance.now() - start;
      const status = response.statusCode;
      // How long a stream is open says nothing of how long an answer takes.
      if (!isEventStream(response))
        metrics.observe({ part: partOf(path), method, status, seconds: milliseconds / 1_000 });
      const line = {
        request_id: requestIdOf(response),
        method,
        path,
        status,
        aborted: !response.writableFinished || undefined,
        ip,
        ms: Math.round(milliseconds),
      };
      lines[status >= 500 ? "warn" : "info"](line, "request");
    });
  };
}
