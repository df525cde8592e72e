import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inject } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { cookieHeader, createBrowser, type TestBrowser } from "./browser.ts";
import { createTestDatabase, type GatewayOptions, type RunningGateway, startGateway } from "./start-gateway.ts";

/** Two gateways over the same Kratos, Redis and Postgres, with an application behind that takes WebSockets. */
export type Replicas = {
  readonly here: RunningGateway;
  readonly there: RunningGateway;
  /** The same browser, sending its requests to the other replica: one jar of cookies. */
  readonly elsewhere: (browser: TestBrowser) => TestBrowser;
  readonly openSocket: (browser: TestBrowser) => Promise<WebSocket>;
  readonly stop: () => Promise<void>;
};

async function startApplication() {
  const server = createServer((_request, response) => response.end("the application"));
  const sockets = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function openSocket(browser: TestBrowser): Promise<WebSocket> {
  const headers = { cookie: cookieHeader(browser), origin: browser.origin };
  const socket = new WebSocket(browser.origin.replace("http", "ws"), { headers });
  socket.on("error", () => undefined);
  await once(socket, "open");
  return socket;
}

export async function startReplicas(options: GatewayOptions = {}, other: GatewayOptions = options): Promise<Replicas> {
  const application = await startApplication();
  const stack = options.stack ?? inject("stack");
  const shared = { UPSTREAM_URL: application.url, DATABASE_URL: await createTestDatabase(stack.databaseUrl) };
  const here = await startGateway({ ...options, env: { ...shared, ...options.env } });
  const there = await startGateway({ ...other, env: { ...shared, ...other.env } });
  return {
    here,
    there,
    elsewhere: (browser) => createBrowser(there.origin, browser.cookies),
    openSocket,
    stop: async () => {
      await Promise.all([here.stop(), there.stop()]);
      application.stop();
    },
  };
}
