import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { ExitAnswers, Passage } from "../http/exit-answer.ts";
import { refuseForeignHandshake } from "../http/handshake-origin.ts";
import type { OriginalRequests } from "../http/original-requests.ts";
import { AUTHZ_PATH, isBelow, isOwnPath } from "../http/own-paths.ts";
import type { DecideRoute } from "../routes/route-decision.ts";
import type { FollowIdentity } from "../sessions/identity-watch.ts";
import { kratosCookieKeyOf } from "../sessions/kratos-session-source.ts";
import type { SessionNews } from "../sessions/session-news.ts";
import { type AdmittedSessionDeps, admittedSession } from "./admitted-session.ts";
import { createUpstreamHeaders, type HttpProxyDeps } from "./http-proxy.ts";
import { createOpenSockets, type OpenSockets, type SocketPair } from "./open-sockets.ts";
import { answerHead, refuseUpgrade } from "./raw-answer.ts";
import { hasBody } from "./request-body.ts";
import { isUpstreamCookie } from "./session-cookies.ts";
import { watchSession } from "./session-watch.ts";
import { hearNews } from "./socket-news.ts";
import { requestUpgrade } from "./upgrade-request.ts";
import { stripUpstreamHeaders } from "./upstream-headers.ts";

export type WebSocketProxyDeps = HttpProxyDeps &
  AdmittedSessionDeps & {
    /** Who may open one from a page. */
    readonly allowedOrigins: readonly string[];
    readonly followIdentity: FollowIdentity;
    readonly originals: OriginalRequests;
    readonly decide: DecideRoute;
    readonly answers: ExitAnswers;
    readonly clock: Clock;
    /** See SessionWatchOptions. */
    readonly lookEvery: number;
  };

export type WebSocketProxy = {
  /** For the server's upgrade event. Answers everything itself and never rejects. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Closes and checks what news of sessions say. */
  readonly hear: (news: SessionNews) => void;
  /** Ends all, and refuses new ones from now on. */
  readonly close: () => void;
  readonly size: OpenSockets["size"];
};

/**
 * Whether a request asks for a WebSocket (RFC 6455, section 4.1), as opposed to another protocol such as h2c. Where
 * proxies ask, a handshake's headers are those of the one they ask about (Caddy passes Upgrade on).
 */
export function isWebSocketUpgrade({ method, headers, url = "" }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket" && !isBelow(url, [AUTHZ_PATH]);
}

/** What is known of an upgrade that may pass. Throws the Problem it is refused with. */
async function admit(deps: WebSocketProxyDeps, request: IncomingMessage): Promise<Passage> {
  // What follows a body would be the first messages, to the upstream alone.
  if (!isWebSocketUpgrade(request) || hasBody(request)) {
    throw new Problem("invalid_request", { detail: "Only WebSockets can be opened." });
  }
  const original = { ...deps.originals.direct(request), pageLoad: false };
  refuseForeignHandshake(deps, request.headers.origin, original);
  if (isOwnPath(original.path)) throw new Problem("not_found");
  const answer = deps.answers(original, await deps.decide(original, () => deps.resolve(request)));
  if (answer.kind !== "pass") throw answer.problem;
  await deps.limits(request, answer.passage);
  return answer.passage;
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
  readonly open: OpenSockets;
  readonly upstreamHeaders: ReturnType<typeof createUpstreamHeaders>;
  readonly isClosing: () => boolean;
  /** How often news of sessions came. */
  readonly heard: () => number;
};

const NOBODY = { session: () => null, kratosCookieKey: null, check: async () => undefined };

/** Passes messages for as long as the session lives; where anyone may pass, for as long as both sides like. */
async function run(
  { deps, open, heard }: Parts,
  { request, before }: { readonly request: IncomingMessage; readonly before: number },
  pair: Pick<SocketPair, "client" | "upstream">,
  { session, rule }: Passage,
) {
  if (!session) return open.join({ ...pair, ...NOBODY });
  const resolve = admittedSession(deps, request, rule);
  const onEnd = () => open.close((ended) => ended === watch.session());
  const watch = watchSession({ session, resolve, clock: deps.clock, lookEvery: deps.lookEvery, onEnd });
  const leave = deps.followIdentity(session.identity.id);
  const over = open.join({ ...pair, ...watch, kratosCookieKey: kratosCookieKeyOf(request) });
  // Told while the upstream was asked, it would be told to nobody.
  if (heard() !== before) void watch.check();
  await over;
  watch.stop();
  leave();
}

async function connect(parts: Parts, request: IncomingMessage, client: Duplex, requestId: string): Promise<void> {
  const { deps, isClosing } = parts;
  if (isClosing()) throw stopping();
  const before = parts.heard();
  const passage = await admit(deps, request);
  const { original, rule } = passage;
  const target = deps.targets.at(rule.upstream.url);
  const own = ["X-Request-Id", requestId, "Connection", "Upgrade", "Upgrade", "websocket"];
  const headers = [...(await parts.upstreamHeaders(request, passage)), ...own];
  const send = { method: "GET", path: target.pathOf(original.path + original.query), headers };
  const answered = await requestUpgrade({ target, send, timeout: rule.upstream.timeout, client });
  if (answered.kind === "refused") return passRefusal(answered.answer, client);
  if (client.destroyed || isClosing()) {
    answered.socket.destroy();
    throw stopping();
  }
  client.write(acceptedHead(answered.answer), "latin1");
  await run(parts, { request, before }, { client, upstream: answered.socket }, passage);
}

function refuse({ log }: WebSocketProxyDeps, socket: Duplex, error: unknown, requestId: string): void {
  if (socket.destroyed) return;
  const problem = error instanceof Problem ? error : new Problem("internal_error", { cause: error });
  if (problem.status >= 500) {
    log.warn({ err: problem.cause ?? problem, request_id: requestId }, "a WebSocket could not be opened");
  }
  refuseUpgrade(socket, problem, requestId);
}

/** The proxy of WebSockets: like any request to the upstream, but only from our own pages. */
export function createWebSocketProxy(deps: WebSocketProxyDeps): WebSocketProxy {
  const open = createOpenSockets();
  let closing = false;
  let heard = 0;
  const parts: Parts = {
    deps,
    open,
    upstreamHeaders: createUpstreamHeaders(deps),
    isClosing: () => closing,
    heard: () => heard,
  };

  return {
    upgrade: (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      if (head.length > 0) socket.unshift(head);
      const requestId = randomUUID();
      return connect(parts, request, socket, requestId).catch((error: unknown) =>
        refuse(deps, socket, error, requestId),
      );
    },
    hear: (news) => {
      heard += 1;
      hearNews(open, news);
    },
    close: () => {
      closing = true;
      open.closeAll();
    },
    size: open.size,
  };
}
