import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Identify } from "./identity-report.ts";

export type LiveMessage =
  | { readonly type: "hello"; readonly who: string | null; readonly verified: boolean }
  | { readonly type: "echo"; readonly text: string };

export type LiveSocket = { readonly close: () => void };

export type LiveSocketDeps = {
  readonly server: Server;
  readonly identify: Identify;
  readonly publicOrigin: string;
  /** Between two pings, in milliseconds. */
  readonly heartbeat?: number;
};

const MAX_MESSAGE_BYTES = 4096;
/** How long a client has to answer the closing handshake when the server stops. */
const CLOSING_MS = 2_000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;

/** Another site's page must not speak here in somebody's name (cross-site WebSocket hijacking). */
function isForeign(request: IncomingMessage, publicOrigin: string): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== publicOrigin && URL.parse(origin)?.host !== host;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function send(socket: WebSocket, message: LiveMessage): void {
  socket.send(JSON.stringify(message));
}

/** Greets by name, then says everything back. */
async function serve(socket: WebSocket, request: IncomingMessage, identify: Identify): Promise<void> {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data, binary) => {
    if (binary) socket.close(UNSUPPORTED_DATA, "text only");
    else send(socket, { type: "echo", text: data.toString() });
  });
  const { token } = await identify(request.headers);
  const verified = token.kind === "verified";
  const email = verified ? token.claims.email : null;
  send(socket, { type: "hello", who: typeof email === "string" ? email : null, verified });
}

function keepAlive(sockets: WebSocketServer, heartbeat: number): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>();
  return setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) {
        socket.terminate();
        continue;
      }
      silent.add(socket);
      socket.once("pong", () => silent.delete(socket));
      socket.ping();
    }
  }, heartbeat);
}

/** Makes the WebSocket demonstration at `/ws`. */
export function createLiveSocket({ server, identify, publicOrigin, heartbeat = 30_000 }: LiveSocketDeps): LiveSocket {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const timer = keepAlive(sockets, heartbeat);

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (request.url?.split("?")[0] !== "/ws") return refuse(socket, "404 Not Found");
    if (isForeign(request, publicOrigin)) return refuse(socket, "403 Forbidden");
    return sockets.handleUpgrade(request, socket, head, (open) => void serve(open, request, identify));
  });

  return {
    close() {
      clearInterval(timer);
      sockets.close();
      for (const socket of sockets.clients) {
        socket.close(GOING_AWAY, "server is stopping");
        setTimeout(() => socket.terminate(), CLOSING_MS).unref();
      }
    },
  };
}
