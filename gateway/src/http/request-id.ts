import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";

const HEADER = "X-Request-Id";

/** Gives every request an id of our own (a client's would let it forge log lines) and answers it. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.set(HEADER, randomUUID());
  next();
};

export function requestIdOf(response: Response): string {
  return response.get(HEADER) ?? "";
}
