import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type NastyUpstream, startNastyUpstream } from "../../test/support/nasty-upstream.ts";
import { serve, type TestServer } from "../../test/support/proxy-server.ts";
import { connectTo, rawRequest, readUntil } from "../../test/support/raw-http.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { createHttpProxy, type HttpProxy } from "./http-proxy.ts";

const PUBLIC_URL = new URL("https://app.example.com");
const TIMEOUT = 400;

let upstream: NastyUpstream;
let proxy: HttpProxy;
let front: TestServer;
let session: UnifiedSession | null = unifiedSession();

function createProxy(url: URL): HttpProxy {
  return createHttpProxy({
    upstream: { url, timeout: TIMEOUT, idleTimeout: TIMEOUT },
    publicUrl: PUBLIC_URL,
    trustedProxies: [],
    tokens: { tokenFor: async () => "the-token" },
    log: pino({ level: "silent" }),
  });
}

beforeAll(async () => {
  upstream = await startNastyUpstream();
  proxy = createProxy(upstream.url);
  front = await serve((request, response, next) => proxy.handle(request, response, next, session));
});

afterAll(async () => {
  await front.stop();
  proxy.close();
  await upstream.stop();
});

type Echo = { method: string; url: string; rawHeaders: string[] };

function pairs({ rawHeaders }: Echo): [string, string][] {
  const all: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) all.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  return all;
}

const valuesOf = (echo: Echo, name: string) =>
  pairs(echo)
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);

async function echo(path: string, init: RequestInit = {}): Promise<Echo> {
  const response = await fetch(`${front.origin}${path}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Echo;
}

async function problemOf(path: string, init: RequestInit = {}) {
  const response = await fetch(`${front.origin}${path}`, init);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return { status: response.status, code: ((await response.json()) as { code: string }).code };
}

describe("what the upstream is told", () => {
  it("is the identity, where it came from, and the public host", async () => {
    const told = await echo("/echo", { headers: { "X-Own": "1" } });
    expect(Object.fromEntries(pairs(told))).toMatchObject({
      Host: "app.example.com",
      "X-Forwarded-For": "127.0.0.1",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "app.example.com",
      "X-Forwarded-Port": "443",
      "Remote-User": unifiedSession().identity.id,
      "Remote-Email": "ada@example.com",
      "Remote-Groups": "admin,staff",
      "X-Auth-Method": "passkey",
      "X-Auth-Aal": "aal2",
      "X-Identity-Token": "the-token",
      "X-Request-Id": "request-1",
      "X-Own": "1",
    });
  });

  it("is nothing a client says about itself", async () => {
    const forged = {
      remote_user: "mallory",
      "REMOTE-EMAIL": "mallory@example.com",
      "x.identity.token": "forged",
      "X-Auth-Request-User": "mallory",
      "X-Forwarded-Groups": "root",
      "X-Forwarded-For": "6.6.6.6",
      "X-Forwarded-Host": "evil.example",
      Forwarded: "for=6.6.6.6",
      Cookie: "a=1; passbridge_session=x; b=2; ory_kratos_session=y",
    };
    const told = await echo("/echo", { headers: forged });
    expect(JSON.stringify(told)).not.toMatch(/mallory|forged|root|6\.6\.6\.6|evil|passbridge_session|ory_kratos/);
    expect(valuesOf(told, "remote-user")).toEqual([unifiedSession().identity.id]);
    expect(valuesOf(told, "x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(valuesOf(told, "cookie")).toEqual(["a=1; b=2"]);
  });

  it("is no identity where there is no session", async () => {
    session = null;
    const told = await echo("/echo", { headers: { "Remote-User": "mallory" } });
    session = unifiedSession();
    expect(pairs(told).filter(([name]) => /remote|identity|x-auth/i.test(name))).toEqual([]);
  });

  it.each(["/a%2Fb/../c//d?x=%20&y=a+b", "/%E2%82%AC?", "//evil.example/x", "/a\\b"])(
    "the path %s as it came",
    async (path) => {
      const text = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const answer = await rawRequest(front.origin, text);
      expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4))).toMatchObject({ url: path });
    },
  );

  it("keeps the upstream's own path in front and lets nobody climb out of it", async () => {
    const other = createProxy(new URL("/base/", upstream.url));
    const server = await serve((request, response, next) => other.handle(request, response, next, session));
    const ask = async (path: string) =>
      rawRequest(server.origin, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await ask("/a?b")).toContain('"url":"/base/a?b"');
    expect(await ask("http://elsewhere.example/a?b")).toContain('"url":"/base/a?b"');
    for (const path of ["/../a", "/a/..", "/a/%2e%2E/b", "/..%2fa", "/..\\a"])
      expect(await ask(path)).toMatch(/^HTTP\/1.1 400 /);
    await server.stop();
    other.close();
  });

  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("the method %s", async (method) => {
    expect((await echo("/echo", { method })).method).toBe(method);
  });

  it("nothing for TRACE, which would show the identity headers", async () => {
    const answer = await rawRequest(front.origin, "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("what the client gets", () => {
  it("passes redirects on", async () => {
    const response = await fetch(`${front.origin}/redirect`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/elsewhere?a=b"]);
  });

  it("keeps the gateway's cookies and its own connection", async () => {
    const response = await fetch(`${front.origin}/cookies`);
    expect(response.headers.getSetCookie()).toEqual(["app=1; Path=/", "b=2"]);
    expect(response.headers.get("clear-site-data")).toBeNull();
    expect(response.headers.get("x-hop")).toBeNull();
  });

  it("answers HEAD, 204 and 304 without a body", async () => {
    const head = await fetch(`${front.origin}/echo`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(`${front.origin}/no-content`)).status).toBe(204);
    const raw = await rawRequest(front.origin, "GET /not-modified HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(raw).toMatch(/^HTTP\/1.1 304 .*ETag: "a".*\r\n\r\n$/s);
  });

  it("gets headers of 40 kB", async () => {
    const request = httpRequest(`${front.origin}/big-headers`, { maxHeaderSize: 100_000 }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.resume().headers["x-big"]).toHaveLength(40_000);
  });

  it("gets the headers before the body has begun", async () => {
    const response = await fetch(`${front.origin}/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    await response.body?.cancel();
  });

  it("never sees that a kept connection was closed under a repeatable request, but does under others", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        socket.once("data", () => socket.resetAndDestroy());
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const other = createProxy(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const own = await serve((request, response, next) => other.handle(request, response, next, session));
    const status = async (method: string) => {
      const response = await fetch(own.origin, { method });
      await response.arrayBuffer();
      return response.status;
    };
    expect([await status("GET"), await status("GET")]).toEqual([200, 200]);
    expect([await status("GET"), await status("POST")]).toEqual([200, 502]);
    await own.stop();
    other.close();
    server.close();
  });
});

describe("bodies", () => {
  const BYTES = 50 * 1024 * 1024;

  /** Waits until a number has stopped growing: what was buffered on the way is full. */
  async function settled(read: () => number): Promise<number> {
    let last = -1;
    await vi.waitFor(
      () => {
        const now = read();
        const still = now === last;
        last = now;
        expect(still && now > 0).toBe(true);
      },
      { interval: 150, timeout: 10_000 },
    );
    return last;
  }

  it("streams 50 MB down, no faster than the client reads", async () => {
    const arrived = once(upstream.events, "request /huge") as Promise<[IncomingMessage]>;
    const request = httpRequest(`${front.origin}/huge?bytes=${BYTES}`).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const [{ socket }] = await arrived;
    expect(await settled(() => socket.bytesWritten)).toBeLessThan(BYTES / 2);
    let size = 0;
    for await (const chunk of response) size += chunk.length;
    expect(size).toBe(BYTES);
  });

  it("takes no more of an upload than the upstream reads", async () => {
    const request = httpRequest(`${front.origin}/never-reads`, { method: "POST" }).on("error", () => undefined);
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < BYTES; i += 65_536) yield Buffer.alloc(65_536);
      })(),
    );
    source.pipe(request);
    const [socket] = (await once(request, "socket")) as [Socket];
    expect(await settled(() => socket.bytesWritten - socket.writableLength)).toBeLessThan(BYTES / 2);
    request.destroy();
  });

  it.each([
    ["chunked", {}],
    ["with a length", { "Content-Length": String(BYTES) }],
    ["after 100-continue", { Expect: "100-continue", "Content-Length": String(BYTES) }],
  ])("streams 50 MB up, %s", async (_name, headers) => {
    const request = httpRequest(`${front.origin}/sink`, { method: "POST", headers });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    if ("Expect" in headers) {
      request.flushHeaders();
      await once(request, "continue");
    }
    const chunk = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < BYTES; sent += chunk.length) {
      if (!request.write(chunk)) await once(request, "drain");
    }
    request.end();
    const [response] = await answered;
    expect(await response.toArray()).toEqual([Buffer.from(JSON.stringify({ size: BYTES, trailer: null }))]);
  });

  it("streams both ways at once", async () => {
    const request = httpRequest(`${front.origin}/mirror`, { method: "POST" });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    request.write("first");
    const [response] = await answered;
    const chunks = response[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe("first");
    request.end("second");
    expect(String((await chunks.next()).value)).toBe("second");
    expect((await chunks.next()).done).toBe(true);
  });

  it("carries the body of a GET and of a DELETE", async () => {
    for (const method of ["GET", "DELETE"]) {
      const text = `${method} /sink HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
      expect(await rawRequest(front.origin, text)).toContain('"size":3');
    }
  });

  it("passes an early refusal on while the client is still sending, and keeps no connection open for it", async () => {
    const socket = await connectTo(front.origin);
    socket.write("POST /early-413 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\nabc");
    expect(await readUntil(socket, (text) => text.includes("too large"))).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });
});

describe("when a side breaks off", () => {
  it("a client that leaves while waiting aborts the upstream's request", async () => {
    const controller = new AbortController();
    const arrived = once(upstream.events, "request /never");
    const answer = fetch(`${front.origin}/never`, { signal: controller.signal });
    await arrived;
    const gone = once(upstream.events, "gone /never");
    controller.abort();
    await expect(answer).rejects.toThrow();
    await gone;
  });

  it("a client that leaves in the middle of the answer aborts it", async () => {
    const controller = new AbortController();
    const response = await fetch(`${front.origin}/huge?bytes=${10 ** 10}`, { signal: controller.signal });
    const gone = once(upstream.events, "gone /huge");
    await response.body?.getReader().read();
    controller.abort();
    await gone;
  });

  it("a client that leaves in the middle of its upload aborts it", async () => {
    const socket = await connectTo(front.origin);
    const arrived = once(upstream.events, "request /sink");
    socket.write("POST /sink HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    await arrived;
    const gone = once(upstream.events, "gone /sink");
    socket.destroy();
    await gone;
  });

  it.each(["/reset-in-body", "/reset-in-body?length"])(
    "%s: the client sees a broken answer, not a short one",
    async (path) => {
      const response = await fetch(`${front.origin}${path}`);
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    },
  );

  it("a silent upstream is given up in the middle of its answer", async () => {
    const response = await fetch(`${front.origin}/silent-in-body`);
    const gone = once(upstream.events, "gone /silent-in-body");
    await expect(response.text()).rejects.toThrow();
    await gone;
  });
});

describe("when there is no answer", () => {
  it.each(["/reset", "/garbage", "/too-big-headers"])("%s: 502", async (path) => {
    expect(await problemOf(path)).toEqual({ status: 502, code: "upstream_unavailable" });
  });

  it.each(["/never", "/drip-headers"])("%s: 504, and the upstream's request is aborted", async (path) => {
    const gone = once(upstream.events, `gone ${path}`);
    expect(await problemOf(path)).toEqual({ status: 504, code: "upstream_timeout" });
    await gone;
  });

  it("502 where nothing listens, also for a request with a body, and as a page for a page load", async () => {
    const nobody = await startNastyUpstream();
    await nobody.stop();
    const other = createProxy(nobody.url);
    const server = await serve((request, response, next) => other.handle(request, response, next, session));
    expect((await fetch(server.origin)).status).toBe(502);
    expect((await fetch(server.origin, { method: "POST", body: "x".repeat(100_000) })).status).toBe(502);
    const page = await rawRequest(
      server.origin,
      "GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    );
    expect(page).toMatch(/^HTTP\/1.1 502 .*Content-Type: text\/html/s);
    await server.stop();
    other.close();
  });

  it("an upload that takes longer than the timeout is not cut while it moves", async () => {
    const request = httpRequest(`${front.origin}/sink`, { method: "POST" });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    for (const end = Date.now() + 2 * TIMEOUT; Date.now() < end; ) {
      request.write("x");
      await new Promise((resolve) => setTimeout(resolve, TIMEOUT / 8));
    }
    request.end();
    expect((await answered)[0].statusCode).toBe(200);
    (await answered)[0].resume();
  });
});

describe("smuggling", () => {
  it.each([
    [
      "both framings",
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["two lengths", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["an odd length", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na"],
    ["an unknown coding", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
    ["chunked not last", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
    ["a space before the colon", "GET /echo HTTP/1.1\r\nHost: x\r\nRemote-User : mallory\r\n\r\n"],
    ["a folded line", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Remote-User: mallory\r\n\r\n"],
    ["a bare line feed in a header", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: b\nRemote-User: mallory\r\n\r\n"],
    ["a null byte", "GET /echo HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n"],
    ["a bad chunk size", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"],
  ])("%s is refused", async (_name, text) => {
    const answer = await rawRequest(front.origin, text.replace("Host: x", "Host: x\r\nConnection: close"));
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).not.toContain("mallory");
  });

  it("a length named in Connection still frames the body", async () => {
    const text =
      "POST /sink HTTP/1.1\r\nHost: x\r\nConnection: close, content-length, host, remote-user\r\nContent-Length: 3\r\n\r\nabc";
    expect(await rawRequest(front.origin, text)).toContain('"size":3');
  });
});

it("leaves no kept connection open after close", async () => {
  const other = createProxy(upstream.url);
  const server = await serve((request, response, next) => other.handle(request, response, next, session));
  const connected = once(upstream.server, "connection") as Promise<[Socket]>;
  await (await fetch(`${server.origin}/echo`)).text();
  const [socket] = await connected;
  other.close();
  if (!socket.destroyed) await once(socket, "close");
  expect(socket.destroyed).toBe(true);
  await server.stop();
});
