import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Problem } from "./errors.ts";
import type { Gateway } from "./gateway.ts";
import { limitConnections } from "./http/connection-limit.ts";
import { requestFault } from "./http/request-faults.ts";
import { cutSilentBodies } from "./http/silent-body.ts";
import { answerUnreadable } from "./http/unreadable-request.ts";
import { answerProblem, refuseUpgrade } from "./upstream/raw-answer.ts";
import { isWebSocketUpgrade } from "./upstream/websocket-proxy.ts";

/** What a client may take of the gateway; times in milliseconds. */
const LIMITS = {
  headerBytes: 16 * 1024,
  /** Until a request's headers are there; from the connection's start for its first one. */
  headersTimeout: 15_000,
  /** Without a byte of an announced body, while there is no answer. */
  bodySilence: 20_000,
  /** Between two requests of a connection: longer than the usual 60 s of a proxy in front, which must be the first to close. */
  idleConnection: 75_000,
  /** How often the times above are looked at. */
  interval: 2_000,
  handshakeTimeout: 10_000,
  connections: 20_000,
  /** Event streams are among them, of which an address may have 1,000. */
  connectionsPerAddress: 2_000,
};

export type ServerLimits = typeof LIMITS;

export type HttpServerSettings = {
  /** In PEM; null: plain http. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  /** Their connections are many people's. */
  readonly trustedProxies: readonly string[];
  readonly limits?: Partial<ServerLimits>;
};

export type HttpServer = {
  readonly server: Server;
  /** Every one that is open. */
  readonly connections: ReadonlySet<Socket>;
  /** From now on requests are answered. */
  readonly serve: (gateway: Pick<Gateway, "handle" | "upgrade">) => void;
};

function create(tls: HttpServerSettings["tls"], limits: ServerLimits): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    // Uploads take as long as they take, while they move.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleConnection,
    connectionsCheckingInterval: limits.interval,
    // Refused with a problem document, as everything else.
    requireHostHeader: false,
    // Other offers, such as curl's h2c, are answered as ordinary requests (RFC 9110, section 7.8).
    shouldUpgradeCallback: isWebSocketUpgrade,
  };
  return tls
    ? createSecureServer({ ...options, ...tls, handshakeTimeout: limits.handshakeTimeout })
    : createServer(options);
}

/** After a request that another server may read differently nothing of its connection is believed. */
function answerRequests(
  server: Server,
  { handle, upgrade }: Pick<Gateway, "handle" | "upgrade">,
  bodySilence: number,
): void {
  const condemned = new WeakSet<Duplex>();
  server.on("request", (request, response) => {
    if (condemned.has(request.socket)) return;
    const fault = requestFault(request);
    if (fault) {
      condemned.add(request.socket);
      answerProblem(response, fault);
      return;
    }
    cutSilentBodies(request, response, bodySilence);
    handle(request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    const fault = condemned.has(socket) ? unbelieved : requestFault(request);
    if (fault) refuseUpgrade(socket, fault, randomUUID());
    else upgrade(request, socket, head);
  });
}

const unbelieved = new Problem("invalid_request");
const noTunnel = new Problem("invalid_request", { detail: "CONNECT is not supported." });

function openConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  const add = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  // Over TLS a connection is what is within the first one.
  server.on("connection", add).on("secureConnection", add);
  return open;
}

/** The one HTTP server of the gateway, with every limit of what a connection may do before it is understood. */
export function createHttpServer({ tls, trustedProxies, limits: changes }: HttpServerSettings): HttpServer {
  const limits = { ...LIMITS, ...changes };
  const server = create(tls, limits);
  // Node would leave further ones out in silence; their bytes are bounded, and what is too many is refused.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  limitConnections(server, limits.connectionsPerAddress, trustedProxies);
  answerUnreadable(server);
  server.on("connect", (_request, socket) => refuseUpgrade(socket, noTunnel, randomUUID()));
  const connections = openConnections(server);
  return { server, connections, serve: (gateway) => answerRequests(server, gateway, limits.bodySilence) };
}
