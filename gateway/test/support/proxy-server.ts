import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { pino } from "pino";
import { createProblemHandler } from "../../src/http/problem-handler.ts";
import { giveRequestId } from "../../src/http/request-id.ts";
import { answerErrors } from "../../src/http/small-handlers.ts";

const problems = createProblemHandler(pino({ level: "silent" }), () => undefined, new URL("http://localhost"));

export type TestServer = { readonly origin: string; readonly server: Server; readonly stop: () => Promise<void> };

/** A server of one handler with the gateway's own error replies, on a free port. */
export async function serve(handler: RequestHandler, server: Server = createServer()): Promise<TestServer> {
  const app = express();
  app.use((_request, response, next) => {
    giveRequestId(response, "request-1");
    response.set("X-Request-Id", "request-1");
    next();
  });
  app.use(handler, answerErrors(problems));
  server.on("request", app);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
