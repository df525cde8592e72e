import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Front,
  PROXY_TIMEOUT,
  type ProxiedUpstream,
  serveHttpProxy,
  startProxiedUpstream,
} from "../../test/support/http-proxy-front.ts";
import type { NastyUpstream } from "../../test/support/nasty-upstream.ts";
import { connectTo, rawRequest, readUntil } from "../../test/support/raw-http.ts";

const warn = vi.fn();
let proxied: ProxiedUpstream;
let upstream: NastyUpstream;
let front: Front;

beforeAll(async () => {
  proxied = await startProxiedUpstream({ warn });
  ({ upstream, front } = proxied);
});

afterAll(() => proxied.stop());

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
    // A client that waits for long is not the matter here.
    const patient = { url: upstream.url, timeout: PROXY_TIMEOUT, idleTimeout: 60_000 };
    const own = await serveHttpProxy(upstream.url, { rule: { upstream: patient } });
    const arrived = once(upstream.events, "request /huge") as Promise<[IncomingMessage]>;
    const request = httpRequest(`${own.origin}/huge?bytes=${BYTES}`).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const [{ socket }] = await arrived;
    expect(await settled(() => socket.bytesWritten)).toBeLessThan(BYTES / 2);
    let size = 0;
    for await (const chunk of response) size += chunk.length;
    expect(size).toBe(BYTES);
    await own.stop();
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

  it("a client that leaves in the middle of the answer aborts it, which is nothing to log", async () => {
    const controller = new AbortController();
    const response = await fetch(`${front.origin}/huge?bytes=${10 ** 10}`, { signal: controller.signal });
    const gone = once(upstream.events, "gone /huge");
    await response.body?.getReader().read();
    warn.mockClear();
    controller.abort();
    await gone;
    await (await fetch(`${front.origin}/echo`)).text();
    expect(warn).not.toHaveBeenCalled();
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
