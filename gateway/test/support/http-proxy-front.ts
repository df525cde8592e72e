import { Problem } from "../../src/errors.ts";
import { readRequestTarget } from "../../src/policy/request-target.ts";
import type { RouteRule } from "../../src/policy/route-rule.ts";
import type { UnifiedSession } from "../../src/sessions/session.ts";
import { createHttpProxy, type HttpProxyDeps } from "../../src/upstream/http-proxy.ts";
import { createUpstreamTargets, type UpstreamTargets } from "../../src/upstream/upstream-targets.ts";
import { type NastyUpstream, startNastyUpstream } from "./nasty-upstream.ts";
import { serve } from "./proxy-server.ts";
import { ruleFor } from "./route-rules.ts";
import { unifiedSession } from "./unified-session.ts";

/** Milliseconds the proxies of these tests wait for an upstream. */
export const PROXY_TIMEOUT = 400;

export type Front = { readonly origin: string; readonly targets: UpstreamTargets; readonly stop: () => Promise<void> };

export type FrontOptions = {
  readonly session?: UnifiedSession | null;
  readonly rule?: Partial<RouteRule>;
  readonly warn?: HttpProxyDeps["log"]["warn"];
};

/** A server that does nothing but proxy to an upstream, for somebody signed in unless told otherwise. */
export async function serveHttpProxy(url: URL, options: FrontOptions = {}): Promise<Front> {
  const { session = unifiedSession(), warn = () => undefined } = options;
  const targets = createUpstreamTargets();
  const rule = ruleFor(url, PROXY_TIMEOUT, options.rule);
  const proxy = createHttpProxy({
    targets,
    publicUrl: new URL("https://app.example.com"),
    trustedProxies: [],
    tokens: { tokenFor: async () => "the-token" },
    limits: async () => undefined,
    log: { warn },
  });
  const server = await serve((request, response, next) => {
    const target = readRequestTarget(request.originalUrl);
    if (!target) return next(new Problem("invalid_request"));
    const original = { method: request.method, host: "app.example.com", ...target, pageLoad: false };
    proxy.handle(request, response, { original, rule, session }).catch(next);
  });
  return {
    origin: server.origin,
    targets,
    stop: async () => {
      await server.stop();
      targets.close();
    },
  };
}

export type ProxiedUpstream = {
  readonly upstream: NastyUpstream;
  readonly front: Front;
  readonly stop: () => Promise<void>;
};

/** A badly behaved upstream behind a proxy. */
export async function startProxiedUpstream(options: FrontOptions = {}): Promise<ProxiedUpstream> {
  const upstream = await startNastyUpstream();
  const front = await serveHttpProxy(upstream.url, options);
  return {
    upstream,
    front,
    stop: async () => {
      await front.stop();
      await upstream.stop();
    },
  };
}
