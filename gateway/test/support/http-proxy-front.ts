import type { UnifiedSession } from "../../src/sessions/session.ts";
import { createHttpProxy, type HttpProxy, type HttpProxyDeps } from "../../src/upstream/http-proxy.ts";
import { type NastyUpstream, startNastyUpstream } from "./nasty-upstream.ts";
import { serve } from "./proxy-server.ts";
import { unifiedSession } from "./unified-session.ts";

/** Milliseconds the proxies of these tests wait for an upstream. */
export const PROXY_TIMEOUT = 400;

export type Front = { readonly origin: string; readonly proxy: HttpProxy; readonly stop: () => Promise<void> };

export type FrontOptions = {
  readonly session?: UnifiedSession | null;
  readonly warn?: HttpProxyDeps["log"]["warn"];
};

/** A server that does nothing but proxy to an upstream, for somebody signed in unless told otherwise. */
export async function serveHttpProxy(url: URL, options: FrontOptions = {}): Promise<Front> {
  const { session = unifiedSession(), warn = () => undefined } = options;
  const proxy = createHttpProxy({
    upstream: { url, timeout: PROXY_TIMEOUT, idleTimeout: PROXY_TIMEOUT },
    publicUrl: new URL("https://app.example.com"),
    trustedProxies: [],
    tokens: { tokenFor: async () => "the-token" },
    log: { warn },
  });
  const server = await serve((request, response, next) => proxy.handle(request, response, next, session));
  return {
    origin: server.origin,
    proxy,
    stop: async () => {
      await server.stop();
      proxy.close();
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
