import type { ErrorRequestHandler, RequestHandler } from "express";
import { Problem } from "../errors.ts";
import type { AnswerError } from "./problem-handler.ts";
import { giveRequestId, REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import { type SecurityHeaders, setHeaders } from "./security-headers.ts";

export const noStore: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};

export const unknownPath: RequestHandler = () => {
  throw new Problem("not_found");
};

export const requestId: RequestHandler = (_request, response, next) => {
  giveRequestId(response);
  response.setHeader(REQUEST_ID_HEADER, requestIdOf(response));
  next();
};

/** As Express tells an error handler from others: by its four parameters. */
export function answerErrors(answer: AnswerError): ErrorRequestHandler {
  return (error, request, response, _next) => answer(error, request, response);
}

export function sendHeaders(headers: SecurityHeaders): RequestHandler {
  return (_request, response, next) => {
    setHeaders(response, headers);
    next();
  };
}
