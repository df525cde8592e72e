import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { Metrics, ObservedRequest } from "../operations/metrics.ts";
import { EVENT_STREAM } from "./event-writer.ts";
import { isBelow, KRATOS_PATH, OWN_API, PAGES, WELL_KNOWN } from "./own-paths.ts";
import { requestIdOf } from "./request-id.ts";

/** Without the query, in which flows carry their codes. */
const pathOf = (request: Request) => request.originalUrl.split("?", 1)[0] ?? "";

function partOf(path: string): ObservedRequest["part"] {
  if (isBelow(path, [KRATOS_PATH])) return "kratos";
  if (isBelow(path, [...OWN_API, ...WELL_KNOWN])) return "api";
  return isBelow(path, PAGES) ? "pages" : "upstream";
}

const isEventStream = (response: Response) => response.getHeader("content-type") === EVENT_STREAM;

/** One line and one observation for each answered request. */
export function createRequestLog(log: Logger, metrics: Metrics): RequestHandler {
  // The fields below hold no secret, and looking for one in each line costs a tenth of a session check.
  const lines = log.child({}, { redact: [] });
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      const path = pathOf(request);
      const milliseconds = performance.now() - start;
      const status = response.statusCode;
      // How long a stream is open says nothing of how long an answer takes.
      if (!isEventStream(response))
        metrics.observe({ part: partOf(path), method: request.method, status, seconds: milliseconds / 1_000 });
      const line = {
        request_id: requestIdOf(response),
        method: request.method,
        path,
        status,
        aborted: !response.writableFinished || undefined,
        ip: request.ip,
        ms: Math.round(milliseconds),
      };
      lines[status >= 500 ? "warn" : "info"](line, "request");
    });
    next();
  };
}
