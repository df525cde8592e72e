import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../clock.ts";
import { asOutage, Problem } from "../errors.ts";
import type { AccessCheck } from "../passkeys/access-check.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import type { SessionResolver } from "../sessions/session-resolver.ts";
import { createUpstreamHeaders, type HttpProxyDeps } from "./http-proxy.ts";
import { createOpenSockets, type OpenSockets, type SocketPair } from "./open-sockets.ts";
import { answerHead, refuseUpgrade } from "./raw-answer.ts";
import { isUpstreamCookie } from "./session-cookies.ts";
import { watchSession } from "./session-watch.ts";
import { requestUpgrade } from "./upgrade-request.ts";
import { stripUpstreamHeaders } from "./upstream-headers.ts";
import { createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";

export type WebSocketProxyDeps = Omit<HttpProxyDeps, "upstream"> & {
  readonly upstream: { readonly url: URL; readonly timeout: number };
  /** Who may open one from a page. */
  readonly allowedOrigins: readonly string[];
  readonly resolve: SessionResolver;
  readonly decide: AccessCheck;
  readonly clock: Clock;
};

export type WebSocketProxy = {
  /** For the server's upgrade event. Answers everything itself and never rejects. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Ends the WebSockets of the sessions that fit. */
  readonly closeSessions: (fits: (session: UnifiedSession) => boolean) => void;
  /** Ends all, and refuses new ones from now on. */
  readonly close: () => void;
  readonly size: OpenSockets["size"];
};

/** Whether a request asks for a WebSocket (RFC 6455, section 4.1), as opposed to another protocol such as h2c. */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
}

/** The session an upgrade belongs to. Throws the Problem it is refused with. */
async function admit(deps: WebSocketProxyDeps, request: IncomingMessage): Promise<UnifiedSession> {
  if (!isWebSocketUpgrade(request)) throw new Problem("invalid_request", { detail: "Only WebSockets can be opened." });
  const { origin } = request.headers;
  if (origin !== undefined && !deps.allowedOrigins.includes(origin)) throw new Problem("csrf_rejected");
  const decision = await deps.decide(await deps.resolve(request), { pageLoad: false });
  if (decision.kind === "allow") return decision.session;
  if (decision.kind === "authenticate") throw new Problem("unauthenticated");
  if (decision.kind === "passkey") throw new Problem("passkey_required");
  throw asOutage(decision.cause);
}

/** An upstream's ordinary answer to an upgrade, such as 404, ends the connection. */
async function passRefusal(answer: IncomingMessage, socket: Duplex): Promise<void> {
  const headers = stripUpstreamHeaders(answer.rawHeaders, isUpstreamCookie);
  socket.write(answerHead(answer.statusCode ?? 502, [...headers, ["Connection", "close"]]), "latin1");
  await pipeline(answer, socket).catch(() => undefined);
}

function acceptedHead(answer: IncomingMessage): string {
  const headers = stripUpstreamHeaders(answer.rawHeaders, isUpstreamCookie);
  return answerHead(101, [...headers, ["Upgrade", "websocket"], ["Connection", "Upgrade"]]);
}

const stopping = () => new Problem("dependency_unavailable", { detail: "The gateway is stopping.", retryAfter: 1 });

type Parts = {
  readonly deps: WebSocketProxyDeps;
  readonly target: UpstreamTarget;
  readonly open: OpenSockets;
  readonly upstreamHeaders: ReturnType<typeof createUpstreamHeaders>;
  readonly isClosing: () => boolean;
};

/** Passes messages for as long as the session lives. */
async function run(
  { deps, open }: Parts,
  request: IncomingMessage,
  pair: Omit<SocketPair, "session">,
  session: UnifiedSession,
) {
  const resolve = () => deps.resolve(request, { activity: false });
  const onEnd = () => open.close((ended) => ended === watch.session());
  const watch = watchSession({ session, resolve, clock: deps.clock, onEnd });
  await open.join({ ...pair, session: watch.session });
  watch.stop();
}

async function connect(parts: Parts, request: IncomingMessage, client: Duplex, requestId: string): Promise<void> {
  const { deps, target, isClosing } = parts;
  if (isClosing()) throw stopping();
  const session = await admit(deps, request);
  const own = ["X-Request-Id", requestId, "Connection", "Upgrade", "Upgrade", "websocket"];
  const headers = [...(await parts.upstreamHeaders(request, session)), ...own];
  const send = { method: "GET", path: target.pathOf(request.url ?? "/"), headers };
  const answered = await requestUpgrade({ target, send, timeout: deps.upstream.timeout, client });
  if (answered.kind === "refused") return passRefusal(answered.answer, client);
  if (client.destroyed || isClosing()) {
    answered.socket.destroy();
    throw stopping();
  }
  client.write(acceptedHead(answered.answer), "latin1");
  await run(parts, request, { client, upstream: answered.socket }, session);
}

function refuse({ log }: WebSocketProxyDeps, socket: Duplex, error: unknown, requestId: string): void {
  if (socket.destroyed) return;
  const problem = error instanceof Problem ? error : new Problem("internal_error", { cause: error });
  if (problem.status >= 500) {
    log.warn({ err: problem.cause ?? problem, request_id: requestId }, "a WebSocket could not be opened");
  }
  refuseUpgrade(socket, problem, requestId);
}

/** The proxy of WebSockets: like any request to the upstream, but only from our own pages and never without a session. */
export function createWebSocketProxy(deps: WebSocketProxyDeps): WebSocketProxy {
  const target = createUpstreamTarget(deps.upstream.url);
  const open = createOpenSockets();
  let closing = false;
  const parts: Parts = { deps, target, open, upstreamHeaders: createUpstreamHeaders(deps), isClosing: () => closing };

  return {
    upgrade: (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      if (head.length > 0) socket.unshift(head);
      const requestId = randomUUID();
      return connect(parts, request, socket, requestId).catch((error: unknown) =>
        refuse(deps, socket, error, requestId),
      );
    },
    closeSessions: open.close,
    close: () => {
      closing = true;
      open.close(() => true);
      target.close();
    },
    size: open.size,
  };
}
