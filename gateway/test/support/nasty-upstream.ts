import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export type NastyUpstream = {
  readonly url: URL;
  readonly server: Server;
  /** `request PATH` when one arrives, `gone PATH` when its client went away before the answer was done. */
  readonly events: EventEmitter;
  /** How many requests arrived so far. */
  readonly count: () => number;
  readonly stop: () => Promise<void>;
};

type Handler = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => unknown;

const CHUNK = Buffer.alloc(64 * 1024, "x");

function* bytes(total: number) {
  for (let left = total; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
}

function json(response: ServerResponse, body: unknown) {
  response.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  "/echo": ({ method, url, rawHeaders }, response) => json(response, { method, url, rawHeaders }),
  "/mirror": (request, response) => pipeline(request, response),
  "/sink": async (request, response) => {
    let size = 0;
    for await (const chunk of request) size += chunk.length;
    json(response, { size, trailer: request.headers.trailer ?? null });
  },
  "/huge": (_request, response, query) => pipeline(Readable.from(bytes(Number(query.get("bytes")))), response),
  "/never": () => undefined,
  "/never-reads": (request) => request.pause(),
  "/drip-headers": (_request, { socket }) => {
    socket?.write("HTTP/1.1 200 OK\r\n");
    const timer = setInterval(() => socket?.write("X-Drip: 1\r\n"), 20);
    socket?.once("close", () => clearInterval(timer));
  },
  "/events": (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
  },
  "/reset": ({ socket }) => socket.resetAndDestroy(),
  "/reset-in-body": (request, response, query) => {
    if (query.has("length")) response.setHeader("Content-Length", "1000");
    response.write("part");
    setImmediate(() => request.socket.resetAndDestroy());
  },
  "/silent-in-body": (_request, response) => response.write("part"),
  "/garbage": ({ socket }) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  "/big-headers": (_request, response) => response.setHeader("X-Big", "x".repeat(40_000)).end("ok"),
  "/too-big-headers": (_request, { socket }) => socket?.end(`HTTP/1.1 200 OK\r\nX-Big: ${"x".repeat(100_000)}\r\n\r\n`),
  "/redirect": (_request, response) => response.writeHead(302, { Location: "/elsewhere?a=b" }).end(),
  "/no-content": (_request, response) => response.writeHead(204).end(),
  "/not-modified": (_request, response) => response.writeHead(304, { ETag: '"a"', "Content-Length": "99" }).end(),
  "/early-413": (_request, response) => response.writeHead(413, { Connection: "close" }).end("too large"),
  "/cookies": (_request, response) => {
    response.setHeader("Set-Cookie", [
      "app=1; Path=/",
      "passbridge_session=evil",
      "ory_kratos_session=; Max-Age=0",
      "b=2",
    ]);
    response.setHeader("Clear-Site-Data", '"cookies"').setHeader("X-Hop", "1").setHeader("Connection", "x-hop");
    response.end();
  },
};

/** A server that behaves as badly as upstreams do, by path; anything else is answered like /echo. */
export async function startNastyUpstream(): Promise<NastyUpstream> {
  const events = new EventEmitter();
  let count = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://upstream.invalid");
    count += 1;
    response.once("close", () => {
      if (!response.writableFinished) events.emit(`gone ${pathname}`);
    });
    events.emit(`request ${pathname}`, request);
    const handler = HANDLERS[pathname] ?? HANDLERS["/echo"];
    Promise.resolve(handler?.(request, response, searchParams)).catch(() => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    server,
    events,
    count: () => count,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
