import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { type NastyUpstream, startNastyUpstream } from "./support/nasty-upstream.ts";
import { createPerson, type Person, signUp } from "./support/people.ts";
import { rawRequest } from "./support/raw-http.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: NastyUpstream;
let gateway: RunningGateway;
let person: Person;
let browser: TestBrowser;

beforeAll(async () => {
  upstream = await startNastyUpstream();
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: upstream.url.href, UPSTREAM_TIMEOUT: "500ms" },
  });
  person = createPerson();
  browser = createBrowser(gateway.origin);
  await signUp(browser, person);
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

type Echo = { url: string; rawHeaders: string[] };

function headerOf({ rawHeaders }: Echo, name: string): string | undefined {
  const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name.toLowerCase());
  return at < 0 ? undefined : rawHeaders[at + 1];
}

const cookieHeader = ({ cookies }: TestBrowser) => [...cookies].map((pair) => pair.join("=")).join("; ");

describe("a signed-in request", () => {
  it("reaches the upstream with a token that verifies, and with no cookie of the gateway's or of Kratos'", async () => {
    expect([...browser.cookies.keys()]).toContain("ory_kratos_session");
    const cookie = `${cookieHeader(browser)}; app=1`;
    const response = await fetch(`${gateway.origin}/some/page?x=%2F`, {
      headers: { cookie, "Remote-User": "mallory" },
    });
    const told = (await response.json()) as Echo;
    expect(told.url).toBe("/some/page?x=%2F");
    expect(headerOf(told, "cookie")).toBe("app=1");
    expect(headerOf(told, "remote-email")).toBe(person.email);
    expect(headerOf(told, "x-auth-method")).toBe("password");
    expect(headerOf(told, "x-request-id")).toBe(response.headers.get("x-request-id"));
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", gateway.origin));
    const { payload } = await jwtVerify(headerOf(told, "x-identity-token") ?? "", keys, { audience: gateway.origin });
    expect(payload).toMatchObject({ iss: gateway.origin, email: person.email, acr: "aal1", amr: ["pwd"] });
    expect(payload.sub).toBe(headerOf(told, "remote-user"));
  });

  it("gets 504 and 502 as problem documents, and a page for a page load", async () => {
    const late = await browser.fetch("/never");
    expect([late.status, await late.json()]).toMatchObject([504, { code: "upstream_timeout" }]);
    expect((await browser.fetch("/reset")).status).toBe(502);
    const lines = [
      "GET /reset HTTP/1.1",
      "Host: x",
      "Accept: text/html",
      `Cookie: ${cookieHeader(browser)}`,
      "Connection: close",
    ];
    expect(await rawRequest(gateway.origin, `${lines.join("\r\n")}\r\n\r\n`)).toMatch(/^HTTP\/1.1 502 .*<html/is);
  });

  it("cannot be signed out by the upstream", async () => {
    const response = await browser.fetch("/cookies");
    expect(response.headers.getSetCookie()).toEqual(["app=1; Path=/", "b=2"]);
    expect((await browser.fetch("/echo")).status).toBe(200);
  });
});

describe("nobody's request", () => {
  it("never reaches the upstream", async () => {
    const before = upstream.count();
    expect((await createBrowser(gateway.origin).fetch("/some/page")).status).toBe(401);
    const page = await rawRequest(
      gateway.origin,
      "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    );
    expect(page).toMatch(/^HTTP\/1.1 302 .*Location: \/login\?return_to=%2Fa%3Fb%3Dc\r\n/s);
    expect(upstream.count()).toBe(before);
  });
});

describe("Kratos behind /.ory/kratos", () => {
  it("answers its public API and no other", async () => {
    expect((await browser.fetch("/.ory/kratos/sessions/whoami")).status).toBe(200);
    expect((await browser.fetch("/.ory/kratos/admin/identities")).status).toBe(404);
    expect((await browser.fetch("/.ory/kratos/identities")).status).toBe(404);
    const crooked = "GET /.ory/kratos/sessions/../admin/identities HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    expect(await rawRequest(gateway.origin, crooked)).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("a WebSocket", () => {
  const open = (headers: Record<string, string>) =>
    new WebSocket(`${gateway.origin.replace("http", "ws")}/ws`, { headers });

  it("goes through with a session, from our own pages only, and ends at a stop", async () => {
    const sockets = new WebSocketServer({ server: upstream.server, path: "/ws" });
    const connected = once(sockets, "connection") as Promise<[WebSocket, IncomingMessage]>;
    const socket = open({ cookie: cookieHeader(browser), origin: gateway.origin });
    const [inner, request] = await connected;
    expect(request.headers["remote-email"]).toBe(person.email);
    expect(request.headers.cookie).toBe("app=1; b=2");
    inner.send("hello");
    expect(String((await once(socket, "message"))[0])).toBe("hello");

    const statusOf = async (headers: Record<string, string>) => {
      const [refused, answer] = await once(open(headers), "unexpected-response");
      (refused as { destroy: () => void }).destroy();
      return (answer as IncomingMessage).statusCode;
    };
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ cookie: cookieHeader(browser), origin: "https://evil.example" })).toBe(403);

    const closed = vi.fn();
    socket.on("close", closed);
    gateway.gateway.sendAway();
    await vi.waitFor(() => expect(closed).toHaveBeenCalled(), { timeout: 5_000 });
    sockets.close();
  });
});
