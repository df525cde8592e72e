import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Problem } from "../errors.ts";

/** Idle connections are given up before common servers give them up (5 s in Node, 2 s in gunicorn announce nothing). */
const FREE_SOCKET_TIMEOUT = 4_000;
const MAX_FREE_SOCKETS = 256;
/** At most this many requests at the same time; others wait for a connection as long as for an answer. */
const MAX_SOCKETS = 4_096;
/** A machine that is off does not refuse a connection: it says nothing. */
const CONNECT_TIMEOUT = 5_000;
/** Upstreams may answer with more than Node's 16 KiB of headers, such as many cookies. */
const MAX_RESPONSE_HEADERS = 64 * 1024;

export type TargetRequest = {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, Host among them. */
  readonly headers: readonly string[];
  /** On a connection of its own instead of a kept one. */
  readonly fresh?: boolean;
};

/** A server the gateway sends requests on to: its address, and the connections kept open to it. */
export type UpstreamTarget = {
  /** Throws Problem invalid_request where it cannot be written as HTTP. */
  readonly request: (request: TargetRequest) => http.ClientRequest;
  /** The path to ask there for a request target as the client wrote it. Throws Problem invalid_request. */
  readonly pathOf: (requestTarget: string) => string;
  /** Closes every connection, those in use as well. */
  readonly close: () => void;
};

const invalidTarget = () => new Problem("invalid_request", { detail: "The request target is not valid." });

/** Path and query of a request target in origin or absolute form (RFC 9112, section 3.2), not normalised. */
function originForm(requestTarget: string): string {
  if (requestTarget.startsWith("/")) return requestTarget;
  const url = /^https?:\/\//i.test(requestTarget) ? URL.parse(requestTarget) : null;
  if (!url) throw invalidTarget();
  return `${url.pathname}${url.search}`;
}

const DOT_SEGMENT = /(^|[/\\]|%2f|%5c)(\.|%2e){2}([/\\]|%2f|%5c|$)/i;

/** Appends a request target to the upstream's own path, which dot segments may not leave. */
function joinPath(basePath: string, requestTarget: string): string {
  const path = originForm(requestTarget);
  const [pathname = ""] = path.split("?", 1);
  if (/[#\s\p{Cc}]/u.test(path) || (basePath !== "" && DOT_SEGMENT.test(pathname))) throw invalidTarget();
  return `${basePath}${path}`;
}

export type UpstreamTargetOptions = {
  /** Keeps the connections; one of its own unless given. */
  readonly agent?: http.Agent;
  /** Milliseconds until a connection stands, TLS included. */
  readonly connectTimeout?: number;
};

/** An agent for a protocol. An https upstream has to show a certificate for its name by a root that Node trusts. */
export function createAgent(protocol: string, maxSockets = MAX_SOCKETS): http.Agent {
  const options = { keepAlive: true, timeout: FREE_SOCKET_TIMEOUT, maxFreeSockets: MAX_FREE_SOCKETS, maxSockets };
  return protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
}

function limitConnecting(outgoing: http.ClientRequest, secure: boolean, timeout: number): void {
  outgoing.once("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => outgoing.destroy(new Error("the upstream took no connection in time")), timeout);
    const clear = () => clearTimeout(timer);
    socket.once(secure ? "secureConnect" : "connect", clear).once("close", clear);
  });
}

/**
 * Where a name has several addresses (`localhost`: ::1 and 127.0.0.1), Node tries them in turn until one is connected:
 * nothing was sent before, so that any request may go that way.
 * @param url the server's address; its path, if any, is put before every path asked for.
 */
export function createUpstreamTarget(url: URL, options: UpstreamTargetOptions = {}): UpstreamTarget {
  const { agent = createAgent(url.protocol), connectTimeout = CONNECT_TIMEOUT } = options;
  const secure = url.protocol === "https:";
  const client = secure ? https : http;
  const basePath = url.pathname.replace(/\/+$/, "");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = {
    host,
    port: url.port || (secure ? 443 : 80),
    maxHeaderSize: MAX_RESPONSE_HEADERS,
    ...(secure && !isIP(host) ? { servername: host } : {}),
  };
  return {
    request: ({ method, path, headers, fresh }) => {
      try {
        const outgoing = client.request({ ...address, agent: fresh ? false : agent, method, path, headers });
        limitConnecting(outgoing, secure, connectTimeout);
        return outgoing;
      } catch (error) {
        // Node refuses characters that would end a line or a header.
        throw error instanceof TypeError ? new Problem("invalid_request", { cause: error }) : error;
      }
    },
    pathOf: (requestTarget) => joinPath(basePath, requestTarget),
    close: () => agent.destroy(),
  };
}
