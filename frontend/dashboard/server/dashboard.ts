import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet } from "jose";
import { areaOf, identityPath } from "./areas.ts";
import type { DashboardConfig } from "./config.ts";
import { createIdentify, type Identify } from "./identity-report.ts";
import { createTokenCheck } from "./identity-token.ts";
import { createLiveSocket } from "./live-socket.ts";
import { applyHeaders, securityHeaders } from "./security-headers.ts";
import type { StaticFiles } from "./static-files.ts";

export type Dashboard = { readonly origin: string; readonly close: () => Promise<void> };

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const KEYS_PATH = "/.well-known/jwks.json";
const KEYS_TIMEOUT = 3_000;

function json(response: ServerResponse, body: unknown): void {
  const headers = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" };
  response.writeHead(200, headers).end(JSON.stringify(body));
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" }).end(body);
}

function createHandle(identify: Identify, files: StaticFiles): Handle {
  return async (request, response) => {
    const path = request.url?.split("?")[0] ?? "/";
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return text(response, 405, "Only GET and HEAD.\n");
    }
    if (path === "/healthz") return json(response, { status: "ok" });
    const area = areaOf(path);
    if (path === identityPath(area)) return json(response, await identify(request.headers));
    const file = files.get(area === null ? path : "/");
    if (!file) return text(response, 404, "There is nothing here.\n");
    const headers = { "Content-Type": file.type, "Cache-Control": file.cacheControl };
    response.writeHead(200, { ...headers, "Content-Length": file.body.length }).end(file.body);
    return undefined;
  };
}

/**
 * Starts the sample application: the page, what it knows of a request's person, and a WebSocket that says things back.
 * @returns once it listens; `close` ends open sockets and requests under way are finished.
 * @throws Error when the port cannot be had.
 */
export async function startDashboard(config: DashboardConfig, files: StaticFiles): Promise<Dashboard> {
  const issuer = config.publicUrl.origin;
  const keys = createRemoteJWKSet(new URL(KEYS_PATH, config.gatewayUrl), { timeoutDuration: KEYS_TIMEOUT });
  const identify = createIdentify(issuer, createTokenCheck({ issuer, audience: config.audience, keys }));
  const handle = createHandle(identify, files);
  const headers = securityHeaders(config.publicUrl);

  const server = createServer((request, response) => {
    applyHeaders(response, headers);
    handle(request, response).catch(() => response.destroy());
  });
  const live = createLiveSocket({ server, identify, publicOrigin: issuer });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        live.close();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
