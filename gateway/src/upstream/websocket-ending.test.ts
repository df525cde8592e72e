import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import { connectTo, rawRequest, readUntil } from "../../test/support/raw-http.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import {
  handshake,
  listen,
  type ProxiedSockets,
  serveWebSocketProxy,
  signedIn,
  startProxiedSockets,
} from "../../test/support/websocket-front.ts";
import type { Resolution } from "../sessions/session.ts";

let resolution: Resolution;
let proxied: ProxiedSockets;

beforeEach(async () => {
  resolution = signedIn(unifiedSession());
  proxied = await startProxiedSockets(async () => resolution);
});

afterEach(() => proxied.stop());

describe("the end of a WebSocket", () => {
  it("a client that vanishes ends the upstream's side", async () => {
    const socket = await proxied.front.open();
    const [inner] = proxied.upstream.sockets.clients;
    socket.terminate();
    await once(inner as WebSocket, "close");
    await vi.waitFor(() => expect(proxied.front.proxy.size()).toBe(0));
  });

  it("an upstream that vanishes ends the client's side", async () => {
    const socket = await proxied.front.open();
    for (const inner of proxied.upstream.sockets.clients) inner.terminate();
    expect((await once(socket, "close"))[0]).toBe(1006);
  });

  it("a client that only half closes is not left half open", async () => {
    const socket = await connectTo(proxied.front.origin);
    socket.write(handshake());
    await readUntil(socket, (text) => text.includes("\r\n\r\n"));
    socket.end();
    await once(socket.resume(), "close");
    await vi.waitFor(() => expect(proxied.front.proxy.size()).toBe(0));
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
    const other = await serveWebSocketProxy(await listen(server), async () => resolution);
    const socket = await connectTo(other.origin);
    socket.write(handshake());
    await vi.waitFor(() => expect(reached).toHaveBeenCalled());
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(left).toHaveBeenCalled());
    expect(other.proxy.size()).toBe(0);
    other.stop();
    server.close();
  });

  it("comes for the sessions that are named, and for no other", async () => {
    const first = await proxied.front.open();
    resolution = signedIn(unifiedSession({ identity: { id: "someone-else" } }));
    const second = await proxied.front.open();
    const ended = once(first, "close");
    proxied.front.proxy.hear({ kind: "ended", ending: { identityId: unifiedSession().identity.id } });
    await ended;
    second.send("still here");
    expect(String((await once(second, "message"))[0])).toBe("still here");
    second.terminate();
  });

  it("comes for all at a stop, even where a peer does not answer; new ones are refused", async () => {
    const socket = await connectTo(proxied.front.origin);
    socket.write(handshake());
    await readUntil(socket, (text) => text.includes("\r\n\r\n"));
    proxied.front.proxy.close();
    await once(socket.resume(), "close");
    await vi.waitFor(() => expect(proxied.front.proxy.size()).toBe(0));
    expect(await rawRequest(proxied.front.origin, handshake())).toMatch(/^HTTP\/1.1 503 /);
  });

  const soon = () => new Date(Date.now() + 300);

  it("comes when its session's time is up", async () => {
    resolution = signedIn(unifiedSession({ expiresAt: soon() }));
    const socket = await proxied.front.open();
    resolution = { kind: "anonymous" };
    expect((await once(socket, "close"))[0]).toBe(1006);
  });

  it("waits while the session is extended, and does not come for an outage", async () => {
    let outage = false;
    const resolve = vi.fn(
      async (): Promise<Resolution> =>
        outage ? { kind: "undecided", cause: new Error("down") } : signedIn(unifiedSession({ expiresAt: soon() })),
    );
    const other = await serveWebSocketProxy(proxied.upstream.url, resolve);
    const socket = await other.open();
    await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(2), { timeout: 5_000 });
    outage = true;
    await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(3), { timeout: 5_000 });
    socket.send("still here");
    expect(String((await once(socket, "message"))[0])).toBe("still here");
    other.stop();
  });
});
