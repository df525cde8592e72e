import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Problem } from "../errors.ts";
import { type RequestTarget, readRequestTarget } from "../policy/request-target.ts";
import { orElse } from "../soon.ts";
import type { Exit } from "./exits.ts";
import { AUTHZ_PATH, HEALTH, isBelow } from "./own-paths.ts";
import type { AnswerError } from "./problem-handler.ts";
import { giveRequestId, REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";
import type { RequestLog } from "./request-log.ts";
import { type SecurityHeaders, setHeaders } from "./security-headers.ts";
import { SESSION_PATH } from "./session-check.ts";

/** What the door opens to; built in gateway.ts. */
export type FrontDoorParts = {
  readonly isStopping: () => boolean;
  /** Whether a path is the gateway's own and no application's. */
  readonly isOwn: (path: string) => boolean;
  readonly requestLog: RequestLog;
  readonly securityHeaders: SecurityHeaders;
  readonly sessionCheck: Exit;
  readonly authz: Exit;
  readonly proxy: Exit;
  /** Express, for the gateway's own pages and API. */
  readonly app: RequestListener;
  readonly problems: AnswerError;
};

const unreadable = new Problem("invalid_request", { detail: "The request target is not valid." });

const refuse: Exit = () => {
  throw unreadable;
};

/** An error of what answers with the security headers by itself has them as well. */
function own(securityHeaders: SecurityHeaders, exit: Exit): Exit {
  return (request, response) =>
    orElse(
      () => exit(request, response),
      (error) => {
        if (!response.headersSent) setHeaders(response, securityHeaders);
        throw error;
      },
    );
}

const isRead = (method: string | undefined) => method === "GET" || method === "HEAD";

/**
 * What goes where, top to bottom: what every request to an application costs is answered without Express, and everything
 * else by it.
 */
function createWays({ securityHeaders, ...parts }: FrontDoorParts) {
  const express: Exit = (request, response) => {
    response.setHeader(REQUEST_ID_HEADER, requestIdOf(response));
    parts.app(request, response);
  };

  const sessionCheck = own(securityHeaders, parts.sessionCheck);
  const authz = own(securityHeaders, parts.authz);

  return (method: string | undefined, path: string): Exit => {
    if (path === SESSION_PATH && isRead(method)) return sessionCheck;
    if (isBelow(path, [AUTHZ_PATH])) return authz;
    return parts.isOwn(path) ? express : parts.proxy;
  };
}

/**
 * A request's one path: what picks the gateway's own routes, matches a rule and goes upstream is the same text. Null where
 * it cannot be read in one way. Other proxies' questions stay as they are: what was written is what they ask about.
 */
function readTarget(url: string): RequestTarget | null {
  const at = url.indexOf("?");
  const path = at === -1 ? url : url.slice(0, at);
  return isBelow(path, [AUTHZ_PATH]) ? { path, query: at === -1 ? "" : url.slice(at) } : readRequestTarget(url);
}

/** Where every request comes in. */
export function createFrontDoor(parts: FrontDoorParts): RequestListener {
  const wayOf = createWays(parts);

  return (request: IncomingMessage, response: ServerResponse) => {
    // While the gateway stops, every answer asks the client to close its connection (RFC 9112, section 9.6).
    if (parts.isStopping()) response.setHeader("Connection", "close");
    const { url = "" } = request;
    const target = readTarget(url);
    if (target) request.url = target.path + target.query;
    // Asked by machines all the time: neither logged nor counted.
    if (target && HEALTH.includes(target.path)) return parts.app(request, response);
    giveRequestId(response);
    parts.requestLog(request, response, target?.path ?? url.split("?", 1)[0] ?? "");
    const exit = target ? wayOf(request.method, target.path) : refuse;
    void orElse(
      () => exit(request, response),
      (error) => parts.problems(error, request, response),
    );
  };
}
