import type { IncomingMessage } from "node:http";
import type { NextFunction, Request, Response } from "express";
import type { Logger } from "pino";
import { Problem } from "../errors.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { stripClientHeaders } from "./client-headers.ts";
import { exchangeWithUpstream } from "./exchange.ts";
import { createForwardedHeaders } from "./forwarded-headers.ts";
import { identityHeaders } from "./identity-headers.ts";
import type { IdentityTokens } from "./identity-token.ts";
import { relayAnswer } from "./relay-answer.ts";
import { discardRest, framingHeaders, hasBody } from "./request-body.ts";
import { isUpstreamCookie } from "./session-cookies.ts";
import { createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";

const IDLE_TIMEOUT = 5 * 60_000;

export type HttpProxyDeps = {
  readonly upstream: { readonly url: URL; readonly timeout: number; readonly idleTimeout?: number };
  readonly publicUrl: URL;
  readonly trustedProxies: readonly string[];
  readonly tokens: IdentityTokens;
  readonly log: Pick<Logger, "warn">;
};

export type HttpProxy = {
  /** Sends a request on with the session's identity, or nobody's; what goes wrong before an answer goes to next. */
  readonly handle: (request: Request, response: Response, next: NextFunction, session: UnifiedSession | null) => void;
  /** Closes the connections to the upstream, those in use as well. */
  readonly close: () => void;
};

/** The headers every proxied request begins with: ours alone decide host, request id, origin and identity. */
export function createUpstreamHeaders(deps: Pick<HttpProxyDeps, "publicUrl" | "trustedProxies" | "tokens">) {
  const forwardedHeaders = createForwardedHeaders(deps.publicUrl, deps.trustedProxies);
  return async (request: IncomingMessage, session: UnifiedSession | null): Promise<string[]> => [
    "Host",
    deps.publicUrl.host,
    ...stripClientHeaders(request.rawHeaders, isUpstreamCookie),
    ...forwardedHeaders(request),
    ...(session ? identityHeaders(session, await deps.tokens.tokenFor(session)) : []),
  ];
}

async function forward(
  deps: HttpProxyDeps,
  target: UpstreamTarget,
  headers: string[],
  request: Request,
  response: Response,
): Promise<void> {
  const answer = await exchangeWithUpstream({
    target,
    send: { method: request.method, path: target.pathOf(request.originalUrl), headers },
    body: hasBody(request) ? request : null,
    timeout: deps.upstream.timeout,
    idleTimeout: deps.upstream.idleTimeout ?? IDLE_TIMEOUT,
    response,
  });
  if (!answer) return;
  await relayAnswer(answer, response, isUpstreamCookie).catch((error: unknown) => {
    deps.log.warn({ err: error }, "the upstream's answer broke off");
  });
  discardRest(request);
}

/**
 * The proxy to the upstream. Bodies stream both ways and paths are passed on byte for byte. Host is PUBLIC_URL's, so
 * that the upstream's links, redirects and origin checks are right without being told; a client's own never gets there.
 */
export function createHttpProxy(deps: HttpProxyDeps): HttpProxy {
  const target = createUpstreamTarget(deps.upstream.url);
  const upstreamHeaders = createUpstreamHeaders(deps);

  const handle = async (request: Request, response: Response, session: UnifiedSession | null) => {
    // TRACE would show the client the identity headers the gateway added.
    if (request.method === "TRACE") throw new Problem("invalid_request", { detail: "TRACE is not supported." });
    const requestId = response.getHeader("x-request-id");
    const headers = [
      ...(await upstreamHeaders(request, session)),
      ...framingHeaders(request),
      ...(typeof requestId === "string" ? ["X-Request-Id", requestId] : []),
    ];
    await forward(deps, target, headers, request, response);
  };

  return {
    handle: (request, response, next, session) => {
      handle(request, response, session).catch((error: unknown) => {
        discardRest(request);
        next(error);
      });
    },
    close: target.close,
  };
}
