import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { rawRequest } from "../../test/support/raw-http.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import {
  handshake,
  listen,
  type ProxiedSockets,
  serveWebSocketProxy,
  signedIn,
  startProxiedSockets,
} from "../../test/support/websocket-front.ts";
import { OutageError } from "../errors.ts";
import type { Resolution } from "../sessions/session.ts";

let resolution: Resolution;
let proxied: ProxiedSockets;

beforeEach(async () => {
  resolution = signedIn(unifiedSession());
  proxied = await startProxiedSockets(async () => resolution);
});

afterEach(() => proxied.stop());

describe("a WebSocket through the proxy", () => {
  it("echoes text and a megabyte of bytes, and closes with its code", async () => {
    const socket = await proxied.front.open({ origin: "https://app.example.com" });
    socket.send("hello");
    expect(String((await once(socket, "message"))[0])).toBe("hello");
    const big = Buffer.alloc(1024 * 1024, "z");
    socket.send(big);
    expect(big.equals((await once(socket, "message"))[0])).toBe(true);
    expect(proxied.front.proxy.size()).toBe(1);
    const [inner] = proxied.upstream.sockets.clients;
    inner?.close(4001, "bye");
    const [code, reason] = await once(socket, "close");
    expect([code, String(reason)]).toEqual([4001, "bye"]);
    await vi.waitFor(() => expect(proxied.front.proxy.size()).toBe(0));
  });

  it("carries the identity, and no cookie or forged header", async () => {
    const arrived = once(proxied.upstream.sockets, "connection") as Promise<[unknown, IncomingMessage]>;
    const headers = { Cookie: "passbridge_session=x; a=1; ory_kratos_session=y", remote_user: "mallory", "X-Own": "1" };
    const socket = await proxied.front.open({ headers });
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
    proxied.upstream.sockets.options.handleProtocols = () => "two";
    const socket = new WebSocket(`${proxied.front.origin.replace("http", "ws")}/ws`, ["one", "two"]);
    await once(socket, "open");
    expect(socket.protocol).toBe("two");
    socket.terminate();
  });

  it("drops session cookies an upstream sets while it accepts", async () => {
    proxied.upstream.sockets.on("headers", (headers) =>
      headers.push("Set-Cookie: passbridge_session=evil", "Set-Cookie: app=1"),
    );
    const socket = new WebSocket(`${proxied.front.origin.replace("http", "ws")}/ws`);
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
    const text = await rawRequest(proxied.front.origin, handshake(...headers));
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Content-Type: application/problem\\+json`, "s"));
    expect(JSON.parse(text.slice(text.indexOf("\r\n\r\n")))).toMatchObject({ status, code });
    expect(text.includes("Retry-After")).toBe(status === 503);
    expect(proxied.upstream.sockets.clients.size).toBe(0);
  });

  it("one with a body is refused: what follows would be the first messages", async () => {
    for (const framing of ["Content-Length: 3", "Transfer-Encoding: chunked"]) {
      expect(await rawRequest(proxied.front.origin, `${handshake(framing)}3\r\nabc\r\n0\r\n\r\n`)).toMatch(
        /^HTTP\/1.1 400 /,
      );
    }
    expect(proxied.upstream.sockets.clients.size).toBe(0);
  });

  it("another protocol or method is refused", async () => {
    expect(await rawRequest(proxied.front.origin, handshake().replace("websocket", "h2c"))).toMatch(/^HTTP\/1.1 400 /);
    expect(await rawRequest(proxied.front.origin, handshake("Content-Length: 0").replace("GET", "POST"))).toMatch(
      /^HTTP\/1.1 400 /,
    );
  });

  it("a resolver that throws is answered 500, and the server lives on", async () => {
    const other = await serveWebSocketProxy(proxied.upstream.url, () => Promise.reject(new Error("bug")));
    expect(await rawRequest(other.origin, handshake())).toMatch(/^HTTP\/1.1 500 /);
    expect(await (await fetch(other.origin)).text()).toBe("plain");
    other.stop();
  });

  it("the upstream's own refusal is passed through", async () => {
    const text = await rawRequest(proxied.front.origin, handshake().replace("/ws", "/nowhere"));
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    proxied.upstream.sockets.close();
    proxied.upstream.server.removeAllListeners("upgrade");
    const plain = await rawRequest(proxied.front.origin, handshake());
    expect(plain).toMatch(/^HTTP\/1.1 404 Not Found\r\n.*Set-Cookie: a=1.*no such page/s);
  });

  it.each([
    ["nothing listens", null, 502],
    ["the upstream hangs up", (socket: Socket) => socket.destroy(), 502],
    ["the upstream never answers", () => undefined, 504],
    ["the upstream answers what is no HTTP", (socket: Socket) => socket.end("HTTP/1.1 099 Odd\r\n\r\n"), 502],
  ])("%s", async (_name, onConnection, status) => {
    const server = createTcpServer((socket) => onConnection?.(socket.on("error", () => undefined)));
    const url = await listen(server);
    if (!onConnection) server.close();
    const other = await serveWebSocketProxy(url, async () => resolution);
    expect(await rawRequest(other.origin, handshake())).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    other.stop();
    server.close();
  });
});
