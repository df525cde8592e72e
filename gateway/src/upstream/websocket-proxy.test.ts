import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { connectTo, rawRequest, readUntil } from "../../test/support/raw-http.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { systemClock } from "../clock.ts";
import { OutageError } from "../errors.ts";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import { createWebSocketProxy, type WebSocketProxy } from "./websocket-proxy.ts";

const TIMEOUT = 400;
const signedIn = (session: UnifiedSession): Resolution => ({ kind: "authenticated", session, superseded: null });

let resolution: Resolution;
let upstream: Server;
let sockets: WebSocketServer;
let front: Server;
let proxy: WebSocketProxy;

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createProxy(url: string, resolve = async () => resolution): WebSocketProxy {
  return createWebSocketProxy({
    upstream: { url: new URL(url), timeout: TIMEOUT },
    publicUrl: new URL("https://app.example.com"),
    trustedProxies: [],
    allowedOrigins: ["https://app.example.com"],
    tokens: { tokenFor: async () => "the-token" },
    clock: systemClock,
    resolve,
    log: pino({ level: "silent" }),
  });
}

async function serveProxy(made: WebSocketProxy): Promise<string> {
  front = createServer((_request, response) => response.end("plain"));
  front.on("upgrade", made.upgrade);
  proxy = made;
  return listen(front);
}

const origin = () => `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
const wsUrl = (path = "/ws") => `${origin().replace("http", "ws")}${path}`;

beforeEach(async () => {
  resolution = signedIn(unifiedSession());
  upstream = createServer((_request, response) => response.writeHead(404, { "Set-Cookie": "a=1" }).end("no such page"));
  sockets = new WebSocketServer({ server: upstream, path: "/ws" });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  await serveProxy(createProxy(await listen(upstream)));
});

afterEach(() => {
  proxy.close();
  for (const socket of sockets.clients) socket.terminate();
  for (const server of [front, upstream]) {
    server.closeAllConnections();
    server.close();
  }
});

async function open(options: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(wsUrl(), options);
  await once(socket, "open");
  return socket;
}

const HANDSHAKE = [
  "GET /ws HTTP/1.1",
  "Host: x",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const handshake = (...more: string[]) => `${[...HANDSHAKE, ...more].join("\r\n")}\r\n\r\n`;

describe("a WebSocket through the proxy", () => {
  it("echoes text and a megabyte of bytes, and closes with its code", async () => {
    const socket = await open({ origin: "https://app.example.com" });
    socket.send("hello");
    expect(String((await once(socket, "message"))[0])).toBe("hello");
    const big = Buffer.alloc(1024 * 1024, "z");
    socket.send(big);
    expect(big.equals((await once(socket, "message"))[0])).toBe(true);
    expect(proxy.size()).toBe(1);
    const [inner] = sockets.clients;
    inner?.close(4001, "bye");
    const [code, reason] = await once(socket, "close");
    expect([code, String(reason)]).toEqual([4001, "bye"]);
    await vi.waitFor(() => expect(proxy.size()).toBe(0));
  });

  it("carries the identity, and no cookie or forged header", async () => {
    const arrived = once(sockets, "connection") as Promise<[unknown, IncomingMessage]>;
    const headers = { Cookie: "passbridge_session=x; a=1; ory_kratos_session=y", remote_user: "mallory", "X-Own": "1" };
    const socket = await open({ headers });
    const [, request] = await arrived;
    expect(request.headers).toMatchObject({
      host: "app.example.com",
      cookie: "a=1",
      "remote-user": unifiedSession().identity.id,
      "x-identity-token": "the-token",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "https",
      "x-own": "1",
    });
    expect(request.rawHeaders).not.toContain("mallory");
    socket.terminate();
  });

  it("negotiates the subprotocol and extensions the upstream chooses", async () => {
    sockets.options.handleProtocols = () => "two";
    const socket = new WebSocket(wsUrl(), ["one", "two"]);
    await once(socket, "open");
    expect(socket.protocol).toBe("two");
    socket.terminate();
  });

  it("drops session cookies an upstream sets while it accepts", async () => {
    sockets.on("headers", (headers) => headers.push("Set-Cookie: passbridge_session=evil", "Set-Cookie: app=1"));
    const socket = new WebSocket(wsUrl());
    const [response] = (await once(socket, "upgrade")) as [IncomingMessage];
    expect(response.headers["set-cookie"]).toEqual(["app=1"]);
    socket.terminate();
  });
});

describe("a refused upgrade", () => {
  it.each([
    ["nobody", { kind: "anonymous" } as const, [], 401, "unauthenticated"],
    [
      "an outage",
      { kind: "undecided", cause: new OutageError("redis", null) } as const,
      [],
      503,
      "dependency_unavailable",
    ],
    ["a foreign origin", null, ["Origin: https://evil.example"], 403, "csrf_rejected"],
    ["an origin that only begins like ours", null, ["Origin: https://app.example.com.evil"], 403, "csrf_rejected"],
    ["an opaque origin", null, ["Origin: null"], 403, "csrf_rejected"],
    ["two origins", null, ["Origin: https://app.example.com", "Origin: https://evil.example"], 403, "csrf_rejected"],
  ])("%s", async (_name, answer, headers, status, code) => {
    resolution = answer ?? resolution;
    const text = await rawRequest(origin(), handshake(...headers));
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Content-Type: application/problem\\+json`, "s"));
    expect(JSON.parse(text.slice(text.indexOf("\r\n\r\n")))).toMatchObject({ status, code });
    expect(text.includes("Retry-After")).toBe(status === 503);
    expect(sockets.clients.size).toBe(0);
  });

  it("another protocol or method is refused", async () => {
    expect(await rawRequest(origin(), handshake().replace("websocket", "h2c"))).toMatch(/^HTTP\/1.1 400 /);
    expect(await rawRequest(origin(), handshake("Content-Length: 0").replace("GET", "POST"))).toMatch(
      /^HTTP\/1.1 400 /,
    );
  });

  it("a resolver that throws is answered 500, and the server lives on", async () => {
    resolution = { kind: "anonymous" };
    const other = createProxy("http://127.0.0.1:1", () => Promise.reject(new Error("bug")));
    front.removeAllListeners("upgrade").on("upgrade", other.upgrade);
    expect(await rawRequest(origin(), handshake())).toMatch(/^HTTP\/1.1 500 /);
    expect(await (await fetch(origin())).text()).toBe("plain");
  });

  it("the upstream's own refusal is passed through", async () => {
    const text = await rawRequest(origin(), handshake().replace("/ws", "/nowhere"));
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    sockets.close();
    upstream.removeAllListeners("upgrade");
    const plain = await rawRequest(origin(), handshake());
    expect(plain).toMatch(/^HTTP\/1.1 404 Not Found\r\n.*Set-Cookie: a=1.*no such page/s);
  });

  it.each([
    ["nothing listens", null, 502],
    ["the upstream hangs up", (socket: Socket) => socket.destroy(), 502],
    ["the upstream never answers", () => undefined, 504],
  ])("%s", async (_name, onConnection, status) => {
    const server = createTcpServer((socket) => onConnection?.(socket.on("error", () => undefined)));
    const url = await listen(server);
    if (!onConnection) server.close();
    const other = createProxy(url);
    front.removeAllListeners("upgrade").on("upgrade", other.upgrade);
    expect(await rawRequest(origin(), handshake())).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    other.close();
    server.close();
  });
});

describe("the end of a WebSocket", () => {
  it("a client that vanishes ends the upstream's side", async () => {
    const socket = await open();
    const [inner] = sockets.clients;
    socket.terminate();
    await once(inner as WebSocket, "close");
    await vi.waitFor(() => expect(proxy.size()).toBe(0));
  });

  it("an upstream that vanishes ends the client's side", async () => {
    const socket = await open();
    for (const inner of sockets.clients) inner.terminate();
    expect((await once(socket, "close"))[0]).toBe(1006);
  });

  it("a client that only half closes is not left half open", async () => {
    const socket = await connectTo(origin());
    socket.write(handshake());
    await readUntil(socket, (text) => text.includes("\r\n\r\n"));
    socket.end();
    await once(socket.resume(), "close");
    await vi.waitFor(() => expect(proxy.size()).toBe(0));
  });

  it("a client that leaves during the handshake leaves nothing behind", async () => {
    const reached = vi.fn();
    const left = vi.fn();
    const server = createTcpServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", reached)
        .once("close", left);
    });
    const other = createProxy(await listen(server));
    front.removeAllListeners("upgrade").on("upgrade", other.upgrade);
    const socket = await connectTo(origin());
    socket.write(handshake());
    await vi.waitFor(() => expect(reached).toHaveBeenCalled());
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(left).toHaveBeenCalled());
    expect(other.size()).toBe(0);
    server.close();
  });

  it("comes for the sessions that are named, and for no other", async () => {
    const first = await open();
    resolution = signedIn(unifiedSession({ identity: { id: "someone-else" } }));
    const second = await open();
    const ended = once(first, "close");
    proxy.closeSessions((session) => session.identity.id === unifiedSession().identity.id);
    await ended;
    second.send("still here");
    expect(String((await once(second, "message"))[0])).toBe("still here");
    second.terminate();
  });

  it("comes for all at a stop, even where a peer does not answer; new ones are refused", async () => {
    const socket = await connectTo(origin());
    socket.write(handshake());
    await readUntil(socket, (text) => text.includes("\r\n\r\n"));
    proxy.close();
    await once(socket.resume(), "close");
    await vi.waitFor(() => expect(proxy.size()).toBe(0));
    expect(await rawRequest(origin(), handshake())).toMatch(/^HTTP\/1.1 503 /);
  });

  const soon = () => new Date(Date.now() + 300);

  it("comes when its session's time is up", async () => {
    resolution = signedIn(unifiedSession({ expiresAt: soon() }));
    const socket = await open();
    resolution = { kind: "anonymous" };
    expect((await once(socket, "close"))[0]).toBe(1006);
  });

  it("waits while the session is extended, and does not come for an outage", async () => {
    let outage = false;
    const resolve = vi.fn(
      async (): Promise<Resolution> =>
        outage ? { kind: "undecided", cause: new Error("down") } : signedIn(unifiedSession({ expiresAt: soon() })),
    );
    const other = createProxy(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`, resolve);
    front.removeAllListeners("upgrade").on("upgrade", other.upgrade);
    const socket = await open();
    await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(2), { timeout: 5_000 });
    outage = true;
    await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(3), { timeout: 5_000 });
    socket.send("still here");
    expect(String((await once(socket, "message"))[0])).toBe("still here");
    other.close();
  });
});
