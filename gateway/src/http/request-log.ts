import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { requestIdOf } from "./request-id.ts";

/** One line for each answered request; the query stays out, since flows carry codes in it. */
export function createRequestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      const line = {
        request_id: requestIdOf(response),
        method: request.method,
        path: request.originalUrl.split("?", 1)[0],
        status: response.statusCode,
        aborted: !response.writableFinished || undefined,
        ip: request.ip,
        ms: Math.round(performance.now() - start),
      };
      log[response.statusCode >= 500 ? "warn" : "info"](line, "request");
    });
    next();
  };
}
