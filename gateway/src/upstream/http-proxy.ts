import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { Problem } from "../errors.ts";
import type { Passage } from "../http/exit-answer.ts";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id.ts";
import type { RouteLimits } from "../http/route-limits.ts";
import { stripClientHeaders } from "./client-headers.ts";
import { exchangeWithUpstream } from "./exchange.ts";
import { createForwardedHeaders } from "./forwarded-headers.ts";
import { identityHeaders } from "./identity-headers.ts";
import type { IdentityTokens } from "./identity-token.ts";
import { relayAnswer } from "./relay-answer.ts";
import { bodyWithin, discardRest, framingHeaders } from "./request-body.ts";
import { isUpstreamCookie } from "./session-cookies.ts";
import type { UpstreamTargets } from "./upstream-targets.ts";

export type HttpProxyDeps = {
  readonly targets: UpstreamTargets;
  readonly publicUrl: URL;
  readonly trustedProxies: readonly string[];
  readonly tokens: IdentityTokens;
  readonly limits: RouteLimits;
  readonly log: Pick<Logger, "warn">;
};

export type HttpProxy = {
  /** Sends a request on to its rule's upstream with the session's identity, or nobody's. Throws Problem, OutageError. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, passage: Passage) => Promise<void>;
};

/** The headers every proxied request begins with: ours alone decide host, request id, origin and identity. */
export function createUpstreamHeaders(deps: Pick<HttpProxyDeps, "publicUrl" | "trustedProxies" | "tokens">) {
  const forwardedHeaders = createForwardedHeaders(deps.publicUrl, deps.trustedProxies);
  return async (request: IncomingMessage, { original, rule, session }: Passage): Promise<string[]> => {
    const headers = ["Host", original.host];
    headers.push(...stripClientHeaders(request.rawHeaders, isUpstreamCookie));
    headers.push(...forwardedHeaders(request, original.host));
    if (session) {
      const token = await deps.tokens.tokenFor(session, rule.audience ?? undefined);
      headers.push(...identityHeaders(session, token));
    }
    return headers;
  };
}

type Question = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: readonly string[];
};

async function forward(
  deps: HttpProxyDeps,
  { original, rule }: Passage,
  { request, response, headers }: Question,
): Promise<void> {
  const target = deps.targets.at(rule.upstream.url);
  const answer = await exchangeWithUpstream({
    target,
    send: { method: original.method, path: target.pathOf(original.path + original.query), headers },
    body: bodyWithin(request, rule.bodyLimit),
    timeout: rule.upstream.timeout,
    idleTimeout: rule.upstream.idleTimeout,
    response,
  });
  if (!answer) return;
  await relayAnswer(answer, response, isUpstreamCookie).catch((error: unknown) => {
    deps.log.warn({ err: error }, "the upstream's answer broke off");
  });
  discardRest(request);
}

/**
 * The proxy to the upstreams. Bodies stream both ways; the path is the one that was decided on. Host is PUBLIC_URL's, or
 * the one a rule names, so that the upstream's links, redirects and origin checks are right without being told.
 */
export function createHttpProxy(deps: HttpProxyDeps): HttpProxy {
  const upstreamHeaders = createUpstreamHeaders(deps);

  const handle: HttpProxy["handle"] = async (request, response, passage) => {
    // TRACE would show the client the identity headers the gateway added.
    if (passage.original.method === "TRACE")
      throw new Problem("invalid_request", { detail: "TRACE is not supported." });
    if (passage.rule.rateLimit) await deps.limits(request, passage);
    const headers = await upstreamHeaders(request, passage);
    headers.push(...framingHeaders(request));
    const requestId = requestIdOf(response);
    if (requestId !== "") headers.push(REQUEST_ID_HEADER, requestId);
    await forward(deps, passage, { request, response, headers });
  };

  return {
    handle: async (request, response, passage) => {
      try {
        await handle(request, response, passage);
      } catch (error) {
        discardRest(request);
        throw error;
      }
    },
  };
}
