import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { pino } from "pino";
import { WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../src/clock.ts";
import { createExitAnswers } from "../../src/http/exit-answer.ts";
import { createOriginalRequests } from "../../src/http/original-requests.ts";
import type { AccessCheck } from "../../src/passkeys/access-check.ts";
import { decideAccess, isPasskeyNeeded } from "../../src/policy/access.ts";
import type { RouteRule } from "../../src/policy/route-rule.ts";
import { createRouteDecision } from "../../src/routes/route-decision.ts";
import type { Resolution, UnifiedSession } from "../../src/sessions/session.ts";
import { createUpstreamTargets } from "../../src/upstream/upstream-targets.ts";
import { createWebSocketProxy, type WebSocketProxy } from "../../src/upstream/websocket-proxy.ts";
import { ruleFor } from "./route-rules.ts";

const TIMEOUT = 400;

export const signedIn = (session: UnifiedSession): Resolution => ({ kind: "authenticated", session, superseded: null });

const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: x",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** The bytes of a WebSocket's opening handshake (RFC 6455, section 1.3). */
export const handshake = (...more: string[]) => `${[...HANDSHAKE, ...more].join("\r\n")}\r\n\r\n`;

/** Listens on a free port; the address. */
export async function listen(server: TcpServer): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type WebSocketFront = {
  readonly origin: string;
  readonly proxy: WebSocketProxy;
  /** Opens a WebSocket to /ws. */
  readonly open: (options?: object) => Promise<WebSocket>;
  readonly stop: () => void;
};

function stopServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** As the gateway checks, for people who have a passkey and under a policy that asks for none. */
const check: AccessCheck = async (resolution, { access, pageLoad }) => {
  const needed =
    access.kind === "session" && resolution.kind === "authenticated" && isPasskeyNeeded(access, resolution.session);
  return decideAccess(resolution, { access, pageLoad, duty: needed ? "use" : "none", now: new Date() });
};

/** A server that does nothing but proxy WebSockets to an upstream. */
export async function serveWebSocketProxy(
  url: string,
  resolve: () => Promise<Resolution>,
  rule: Partial<RouteRule> = {},
): Promise<WebSocketFront> {
  const targets = createUpstreamTargets();
  const publicUrl = new URL("https://app.example.com");
  const rules = () => ({ rules: [ruleFor(new URL(url), TIMEOUT, rule)], ignoreCase: false });
  const proxy = createWebSocketProxy({
    targets,
    publicUrl,
    trustedProxies: [],
    allowedOrigins: ["https://app.example.com"],
    tokens: { tokenFor: async () => "the-token" },
    clock: systemClock,
    lookEvery: 3_600_000,
    resolve,
    followIdentity: () => () => undefined,
    originals: createOriginalRequests({ publicUrl, trusted: () => false, rules }),
    answers: createExitAnswers(publicUrl),
    check,
    decide: createRouteDecision(rules, check),
    limits: async () => undefined,
    log: pino({ level: "silent" }),
  });
  const server = createServer((_request, response) => response.end("plain")).on("upgrade", proxy.upgrade);
  const origin = await listen(server);
  return {
    origin,
    proxy,
    open: async (options = {}) => {
      const socket = new WebSocket(`${origin.replace("http", "ws")}/ws`, options);
      await once(socket, "open");
      return socket;
    },
    stop: () => {
      proxy.close();
      targets.close();
      stopServer(server);
    },
  };
}

type EchoUpstream = {
  readonly url: string;
  readonly server: Server;
  readonly sockets: WebSocketServer;
  readonly stop: () => void;
};

/** Echoes every message on /ws; anything but a WebSocket is answered by the listener. */
async function startEchoUpstream(listener: RequestListener): Promise<EchoUpstream> {
  const server = createServer(listener);
  const sockets = new WebSocketServer({ server, path: "/ws" });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  return {
    url: await listen(server),
    server,
    sockets,
    stop: () => {
      for (const socket of sockets.clients) socket.terminate();
      stopServer(server);
    },
  };
}

export type ProxiedSockets = {
  readonly upstream: EchoUpstream;
  readonly front: WebSocketFront;
  readonly stop: () => void;
};

/** An echoing upstream behind a proxy. To what is no WebSocket the upstream answers 404. */
export async function startProxiedSockets(resolve: () => Promise<Resolution>): Promise<ProxiedSockets> {
  const upstream = await startEchoUpstream((_request, response) => {
    response.writeHead(404, { "Set-Cookie": "a=1" }).end("no such page");
  });
  const front = await serveWebSocketProxy(upstream.url, resolve);
  return {
    upstream,
    front,
    stop: () => {
      front.stop();
      upstream.stop();
    },
  };
}
