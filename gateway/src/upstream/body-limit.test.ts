import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Front, serveHttpProxy } from "../../test/support/http-proxy-front.ts";
import { type NastyUpstream, startNastyUpstream } from "../../test/support/nasty-upstream.ts";
import { connectTo, rawRequest, readUntil } from "../../test/support/raw-http.ts";
import { listen } from "../../test/support/websocket-front.ts";

const LIMIT = 1_000;
let upstream: NastyUpstream;
let front: Front;

beforeAll(async () => {
  upstream = await startNastyUpstream();
  front = await serveHttpProxy(upstream.url, { rule: { bodyLimit: LIMIT } });
});

afterAll(async () => {
  await front.stop();
  await upstream.stop();
});

const head = (path: string, ...headers: string[]) =>
  `${[`POST ${path} HTTP/1.1`, "Host: x", ...headers].join("\r\n")}\r\n\r\n`;
const chunk = (size: number) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;
const CHUNKED = "Transfer-Encoding: chunked";
const CLOSE = "Connection: close";

describe("a rule's body limit", () => {
  it.each([
    ["a length at the limit", head("/sink", `Content-Length: ${LIMIT}`, CLOSE) + "x".repeat(LIMIT)],
    ["chunks up to the limit", `${head("/sink", CHUNKED, CLOSE)}${chunk(400)}${chunk(600)}0\r\n\r\n`],
  ])("passes %s", async (_name, text) => {
    const answer = await rawRequest(front.origin, text);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(`"size":${LIMIT}`);
  });

  it("refuses a length over it at once, before any of the body is sent, and never asks the upstream", async () => {
    const before = upstream.count();
    const socket = await connectTo(front.origin);
    socket.write(head("/sink", `Content-Length: ${LIMIT + 1}`));
    const answer = await readUntil(socket, (text) => text.includes("payload_too_large"));
    expect(answer).toMatch(/^HTTP\/1.1 413 .*application\/problem\+json/s);
    socket.destroy();
    expect(upstream.count()).toBe(before);
  });

  it("cuts chunks that go on: 413, and the upstream's request is aborted without having seen more", async () => {
    const arrived = once(upstream.events, "request /never") as Promise<[IncomingMessage]>;
    const gone = once(upstream.events, "gone /never");
    const socket = await connectTo(front.origin);
    socket.write(head("/never", CHUNKED) + chunk(LIMIT));
    const [request] = await arrived;
    let size = 0;
    request.on("data", (data: Buffer) => {
      size += data.length;
    });
    await vi.waitFor(() => expect(size).toBe(LIMIT));
    socket.write(chunk(1));
    expect(await readUntil(socket, (text) => text.includes("payload_too_large"))).toMatch(/^HTTP\/1.1 413 /);
    await gone;
    expect(size).toBe(LIMIT);
    expect(request.complete).toBe(false);
    socket.destroy();
  });

  it("breaks an answer off that has begun: nobody takes it for whole", async () => {
    const gone = once(upstream.events, "gone /mirror");
    const socket = await connectTo(front.origin);
    socket.write(head("/mirror", CHUNKED) + chunk(10));
    await readUntil(socket, (text) => text.includes("xxxxxxxxxx"));
    socket.write(chunk(LIMIT));
    const rest = await readUntil(socket);
    expect(rest).not.toContain("0\r\n\r\n");
    await gone;
    socket.destroy();
  });

  it("lets the next request of the connection pass after a refusal that was read to its end", async () => {
    const socket = await connectTo(front.origin);
    socket.write(
      `${head("/sink", CHUNKED)}${chunk(LIMIT + 1)}0\r\n\r\n${head("/sink", "Content-Length: 3", CLOSE)}abc`,
    );
    const answers = await readUntil(socket);
    expect(answers.match(/HTTP\/1.1 (\d+)/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
    expect(answers).toContain('"size":3');
    socket.destroy();
  });

  it("is no limit where none is set", async () => {
    const open = await serveHttpProxy(upstream.url);
    const response = await fetch(`${open.origin}/sink`, { method: "POST", body: "x".repeat(200_000) });
    expect(await response.json()).toMatchObject({ size: 200_000 });
    await open.stop();
  });

  it("counts what an upstream never reads as well", async () => {
    const server = createTcpServer((socket) => socket.pause().on("error", () => undefined));
    const own = await serveHttpProxy(new URL(await listen(server)), { rule: { bodyLimit: LIMIT } });
    const answer = await rawRequest(own.origin, `${head("/", CHUNKED, CLOSE)}${chunk(LIMIT + 1)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    await own.stop();
    server.close();
  });
});
