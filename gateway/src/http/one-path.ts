import type { Request, RequestHandler } from "express";
import { Problem } from "../errors.ts";
import { readRequestTarget } from "../policy/request-target.ts";
import { AUTHZ_PATH, isBelow } from "./own-paths.ts";

const unreadable = new WeakSet<Request>();

/**
 * Gives a request its one path before anything is decided by it: what picks the gateway's own routes, matches a rule
 * and goes upstream is the same text. What cannot be read in one way stays as it is for refuseUnreadable; other proxies'
 * questions stay as they are for the exits, which look at what was written.
 */
export const onePath: RequestHandler = (request, _response, next) => {
  if (isBelow(request.url, [AUTHZ_PATH])) return next();
  const read = readRequestTarget(request.url);
  if (read) {
    request.url = read.path + read.query;
    request.originalUrl = request.url;
  } else unreadable.add(request);
  next();
};

/** Behind onePath and the request log: 400 for what two parsers could read differently. */
export const refuseUnreadable: RequestHandler = (request, _response, next) => {
  if (unreadable.has(request)) throw new Problem("invalid_request", { detail: "The request target is not valid." });
  next();
};
