import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Front,
  PROXY_TIMEOUT,
  type ProxiedUpstream,
  serveHttpProxy,
  startProxiedUpstream,
} from "../../test/support/http-proxy-front.ts";
import { type NastyUpstream, startNastyUpstream } from "../../test/support/nasty-upstream.ts";
import { rawRequest } from "../../test/support/raw-http.ts";

let proxied: ProxiedUpstream;
let upstream: NastyUpstream;
let front: Front;

beforeAll(async () => {
  proxied = await startProxiedUpstream();
  ({ upstream, front } = proxied);
});

afterAll(() => proxied.stop());

async function problemOf(path: string, init: RequestInit = {}) {
  const response = await fetch(`${front.origin}${path}`, init);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return { status: response.status, code: ((await response.json()) as { code: string }).code };
}

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
    const server = await serveHttpProxy(nobody.url);
    expect((await fetch(server.origin)).status).toBe(502);
    expect((await fetch(server.origin, { method: "POST", body: "x".repeat(100_000) })).status).toBe(502);
    const page = await rawRequest(
      server.origin,
      "GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    );
    expect(page).toMatch(/^HTTP\/1.1 502 .*Content-Type: text\/html/s);
    await server.stop();
  });

  it("an upload that takes longer than the timeout is not cut while it moves", async () => {
    const request = httpRequest(`${front.origin}/sink`, { method: "POST" });
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    for (const end = Date.now() + 2 * PROXY_TIMEOUT; Date.now() < end; ) {
      request.write("x");
      await new Promise((resolve) => setTimeout(resolve, PROXY_TIMEOUT / 8));
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
  const server = await serveHttpProxy(upstream.url);
  const connected = once(upstream.server, "connection") as Promise<[Socket]>;
  await (await fetch(`${server.origin}/echo`)).text();
  const [socket] = await connected;
  server.targets.close();
  if (!socket.destroyed) await once(socket, "close");
  expect(socket.destroyed).toBe(true);
  await server.stop();
});
