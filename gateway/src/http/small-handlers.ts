import type { RequestHandler } from "express";
import { Problem } from "../errors.ts";

export const noStore: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};

export const unknownPath: RequestHandler = () => {
  throw new Problem("not_found");
};

/** While the gateway stops, every answer asks the client to close its connection (RFC 9112, section 9.6). */
export function createCloseWhileStopping(isStopping: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (isStopping()) response.set("Connection", "close");
    next();
  };
}
