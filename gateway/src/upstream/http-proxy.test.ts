import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Front,
  type ProxiedUpstream,
  serveHttpProxy,
  startProxiedUpstream,
} from "../../test/support/http-proxy-front.ts";
import type { NastyUpstream } from "../../test/support/nasty-upstream.ts";
import { rawRequest } from "../../test/support/raw-http.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";

let proxied: ProxiedUpstream;
let upstream: NastyUpstream;
let front: Front;

beforeAll(async () => {
  proxied = await startProxiedUpstream();
  ({ upstream, front } = proxied);
});

afterAll(() => proxied.stop());

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
    const server = await serveHttpProxy(upstream.url, { session: null });
    const told = (await (await fetch(server.origin, { headers: { "Remote-User": "mallory" } })).json()) as Echo;
    await server.stop();
    expect(pairs(told).filter(([name]) => /remote|identity|x-auth/i.test(name))).toEqual([]);
  });

  it.each([
    ["/%E2%82%AC?", "/%E2%82%AC?"],
    ["/a?x=%20&y=a+b&z=/../%2F", "/a?x=%20&y=a+b&z=/../%2F"],
    ["/%61//b;v=1", "/a/b;v=1"],
  ])("the path %s as it was decided on", async (path, told) => {
    const text = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const answer = await rawRequest(front.origin, text);
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4))).toMatchObject({ url: told });
  });

  it("keeps the upstream's own path in front and lets nobody climb out of it", async () => {
    const server = await serveHttpProxy(new URL("/base/", upstream.url));
    const ask = async (path: string) =>
      rawRequest(server.origin, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await ask("/a?b")).toContain('"url":"/base/a?b"');
    expect(await ask("http://elsewhere.example/a?b")).toContain('"url":"/base/a?b"');
    for (const path of ["/../a", "/a/..", "/a/%2e%2E/b", "/..%2fa", "/..\\a"])
      expect(await ask(path)).toMatch(/^HTTP\/1.1 400 /);
    await server.stop();
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
    const own = await serveHttpProxy(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const status = async (method: string) => {
      const response = await fetch(own.origin, { method });
      await response.arrayBuffer();
      return response.status;
    };
    expect([await status("GET"), await status("GET")]).toEqual([200, 200]);
    expect([await status("GET"), await status("POST")]).toEqual([200, 502]);
    await own.stop();
    server.close();
  });
});
