import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createBrowser } from "./support/browser.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: Server;
let gateway: RunningGateway;
let last: IncomingMessage | null = null;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    last = request;
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  const sockets = new WebSocketServer({ server: upstream });
  sockets.on("connection", (socket, request) => {
    socket.send(String(request.headers["remote-email"]));
    socket.on("message", (data) => socket.send(data));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  upstream.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = upstream.address();
  const port = typeof address === "object" ? address?.port : 0;
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: `http://127.0.0.1:${port}` },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
});

async function signedIn() {
  const browser = createBrowser(gateway.origin);
  const person = createPerson();
  await signUp(browser, person);
  return { browser, person };
}

const navigation = { accept: "text/html", "sec-fetch-mode": "navigate" };

describe("without a session", () => {
  it.each([
    ["GET", navigation, 302],
    ["POST", navigation, 303],
    ["GET", { accept: "text/html" }, 302],
    ["GET", { accept: "text/html", "sec-fetch-mode": "cors" }, 401],
    ["GET", { accept: "application/json" }, 401],
    ["DELETE", { accept: "*/*" }, 401],
  ] as const)("%s with %j → %i", async (method, headers, status) => {
    last = null;
    const response = await createBrowser(gateway.origin).fetch("/deep/link?q=1&r=%2F", { method, headers });
    expect(response.status).toBe(status);
    expect(last).toBeNull();
    const location = response.headers.get("location");
    if (status === 401) expect(await response.json()).toMatchObject({ code: "unauthenticated" });
    else expect(location).toBe(`/login?return_to=${encodeURIComponent("/deep/link?q=1&r=%2F")}`);
  });

  it("refuses a WebSocket with 401", async () => {
    const socket = new WebSocket(gateway.origin.replace("http", "ws"));
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode));
    expect(await promise).toBe(401);
  });
});

describe("with a session", () => {
  it("sends the identity, and nothing of the client's own making", async () => {
    const { browser, person } = await signedIn();
    const response = await browser.fetch("/app?x=1", {
      headers: { "remote-user": "root", Remote_Email: "evil@example.com", "x-auth-request-user": "root", cookie: "" },
    });
    expect(response.status).toBe(401);

    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = await browser.fetch("/app?x=1", {
      headers: { "remote-user": "root", Remote_Email: "evil@example.com", cookie: `${cookie}; theirs=1` },
    });
    const { url, headers } = (await sent.json()) as { url: string; headers: Record<string, string> };
    expect(url).toBe("/app?x=1");
    expect(headers).toMatchObject({
      "remote-email": person.email,
      "x-auth-method": "password",
      "x-auth-aal": "aal1",
      cookie: "theirs=1",
    });
    expect(headers).not.toHaveProperty("remote_email");
    expect(JSON.stringify(headers)).not.toMatch(/evil|ory_kratos_session/);
  });

  it("signs the identity so that the upstream can verify it", async () => {
    const { browser, person } = await signedIn();
    const { headers } = (await (await browser.fetch("/")).json()) as { headers: Record<string, string> };
    const jwks = (await (await fetch(`${gateway.origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(headers["x-identity-token"] ?? "", createLocalJWKSet(jwks), {
      issuer: gateway.origin,
      audience: gateway.origin,
    });
    expect(protectedHeader.alg).toBe("ES256");
    expect(payload).toMatchObject({ sub: headers["remote-user"], email: person.email, acr: "aal1", amr: ["pwd"] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300);
  });

  it("carries a WebSocket both ways with the identity", async () => {
    const { browser, person } = await signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const socket = new WebSocket(gateway.origin.replace("http", "ws"), { headers: { cookie, origin: gateway.origin } });
    const messages: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on("message", (data) => {
      messages.push(String(data));
      if (messages.length === 1) socket.send("hello");
      else resolve();
    });
    await promise;
    expect(messages).toEqual([person.email, "hello"]);
    socket.terminate();
  });
});

describe("a WebSocket", () => {
  it.each([{}, { everywhere: true }])("closes when its session ends by a sign-out %j", async (body) => {
    const { browser } = await signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const socket = new WebSocket(gateway.origin.replace("http", "ws"), { headers: { cookie } });
    await once(socket, "open");
    const closed = once(socket, "close");
    expect((await browser.post("/api/auth/logout", body)).status).toBe(204);
    await closed;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });
});

describe("when the upstream is away", () => {
  it("answers a page to page loads and a problem document to the rest, both 502", async () => {
    const lonely = await startGateway({
      env: { DATABASE_URL: gateway.config.databaseUrl, UPSTREAM_URL: "http://127.0.0.1:9" },
    });
    try {
      const browser = createBrowser(lonely.origin);
      await signUp(browser, createPerson());
      const page = await browser.fetch("/", { headers: navigation });
      expect(page.status).toBe(502);
      expect(page.headers.get("content-type")).toMatch(/^text\/html/);
      expect(await page.text()).toContain("You are still signed in");
      const rest = await browser.fetch("/");
      expect(rest.status).toBe(502);
      expect(await rest.json()).toMatchObject({ code: "upstream_unavailable" });
    } finally {
      await lonely.stop();
    }
  });
});
