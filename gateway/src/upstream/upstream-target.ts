import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { Problem } from "../errors.ts";
import { MAX_HEAD } from "./wire/answer-reader.ts";
import { createConnection } from "./wire/connection.ts";
import { type ConnectionPool, createConnectionPool } from "./wire/connection-pool.ts";
import type { TargetRequest } from "./wire/request-head.ts";

/** A machine that is off does not refuse a connection: it says nothing. */
const CONNECT_TIMEOUT = 5_000;

/** A server the gateway sends requests on to: its address, and the connections kept open to it. */
export type UpstreamTarget = {
  readonly pool: ConnectionPool;
  /** An upgrade, on a connection of its own. Throws Problem invalid_request where it cannot be written as HTTP. */
  readonly upgrade: (request: TargetRequest) => http.ClientRequest;
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
  readonly pool?: ConnectionPool;
  /** Milliseconds until a connection stands, TLS included. */
  readonly connectTimeout?: number;
};

/** A pool of connections to a server; path and search of its address do not matter. */
export function createPool(url: URL, connectTimeout = CONNECT_TIMEOUT, maxConnections?: number): ConnectionPool {
  return createConnectionPool((events) => createConnection({ url, timeout: connectTimeout }, events), maxConnections);
}

function limitConnecting(outgoing: http.ClientRequest, secure: boolean, timeout: number): void {
  outgoing.once("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => outgoing.destroy(new Error("the upstream took no connection in time")), timeout);
    const clear = () => clearTimeout(timer);
    socket.once(secure ? "secureConnect" : "connect", clear).once("close", clear);
  });
}

/** Upgrades are rare, and end as a bare connection: Node's own client does for them. */
function createUpgrade(url: URL, connectTimeout: number): UpstreamTarget["upgrade"] {
  const secure = url.protocol === "https:";
  const client = secure ? https : http;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = {
    host,
    port: url.port || (secure ? 443 : 80),
    agent: false,
    maxHeaderSize: MAX_HEAD,
    ...(secure && !isIP(host) ? { servername: host } : {}),
  } as const;
  return ({ method, path, headers }) => {
    try {
      const outgoing = client.request({ ...address, method, path, headers });
      limitConnecting(outgoing, secure, connectTimeout);
      return outgoing;
    } catch (error) {
      // Node refuses characters that would end a line or a header.
      throw error instanceof TypeError ? new Problem("invalid_request", { cause: error }) : error;
    }
  };
}

/** @param url the server's address; its path, if any, is put before every path asked for. */
export function createUpstreamTarget(url: URL, options: UpstreamTargetOptions = {}): UpstreamTarget {
  const { connectTimeout = CONNECT_TIMEOUT } = options;
  const pool = options.pool ?? createPool(url, connectTimeout);
  const basePath = url.pathname.replace(/\/+$/, "");
  return {
    pool,
    upgrade: createUpgrade(url, connectTimeout),
    pathOf: (requestTarget) => joinPath(basePath, requestTarget),
    close: pool.close,
  };
}
