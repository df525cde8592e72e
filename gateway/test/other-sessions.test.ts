import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const upstream = createServer();
const sockets = new WebSocketServer({ server: upstream });
let gateway: RunningGateway;
beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  gateway = await startGateway({
    env: {
      DATABASE_URL: await createTestDatabase(),
      UPSTREAM_URL: `http://127.0.0.1:${port}`,
      KRATOS_SESSION_CACHE_TTL: "0",
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  for (const socket of sockets.clients) socket.terminate();
  upstream.close();
});

const session = async (browser: TestBrowser) =>
  (await browser.fetch("/api/auth/session")).json() as Promise<Record<string, unknown>>;

async function endOthers(browser: TestBrowser) {
  const response = await browser.fetch("/api/auth/sessions", { method: "DELETE" });
  return { status: response.status, body: await response.json() };
}

async function openSocket(browser: TestBrowser): Promise<WebSocket> {
  const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
  const socket = new WebSocket(gateway.origin.replace("http", "ws"), {
    headers: { cookie, origin: gateway.origin },
  });
  await once(socket, "open");
  return socket;
}

/** Signed in by password here, by passkey there, by both in a third browser. */
async function threeBrowsers() {
  const person = createPerson();
  const password = createBrowser(gateway.origin);
  await signUp(password, person);
  const authenticator = await createPasskeyFor(password);
  const passkey = createBrowser(gateway.origin);
  await signInWithPasskey(passkey, authenticator);
  const both = createBrowser(gateway.origin);
  await signIn(both, person);
  await signInWithPasskey(both, authenticator);
  return { password, passkey, both };
}

describe("DELETE /api/auth/sessions", () => {
  it("asked by a password session: ends the others of both kinds, and counts them", async () => {
    const { password, passkey, both } = await threeBrowsers();
    const bystander = createBrowser(gateway.origin);
    await signUp(bystander, createPerson("bystander"));
    expect(await endOthers(password)).toEqual({ status: 200, body: { revoked: 3 } });
    expect(await session(password)).toMatchObject({ authenticated: true, methods: ["password"] });
    expect(await session(passkey)).toEqual({ authenticated: false });
    expect(await session(both)).toEqual({ authenticated: false });
    expect(await session(bystander)).toMatchObject({ authenticated: true });
    expect(await endOthers(password)).toEqual({ status: 200, body: { revoked: 0 } });
  });

  it("asked by a passkey session: likewise", async () => {
    const { password, passkey, both } = await threeBrowsers();
    expect(await endOthers(passkey)).toEqual({ status: 200, body: { revoked: 3 } });
    expect(await session(passkey)).toMatchObject({ authenticated: true, methods: ["passkey"] });
    expect(await session(password)).toEqual({ authenticated: false });
    expect(await session(both)).toEqual({ authenticated: false });
  });

  it("asked by a browser with both: keeps both", async () => {
    const { password, passkey, both } = await threeBrowsers();
    expect(await endOthers(both)).toEqual({ status: 200, body: { revoked: 2 } });
    expect(await session(both)).toMatchObject({ methods: ["password", "passkey"] });
    expect(await session(password)).toEqual({ authenticated: false });
    expect(await session(passkey)).toEqual({ authenticated: false });
  });

  it("counts sessions that are live, and not those that were replaced or signed out", async () => {
    const { password, passkey, both } = await threeBrowsers();
    await both.post("/api/auth/logout");
    await passkey.post("/api/auth/logout");
    expect(await endOthers(password)).toEqual({ status: 200, body: { revoked: 0 } });
  });

  it("closes the WebSockets of what it ended, and no other", async () => {
    const { password, passkey, both } = await threeBrowsers();
    const [kept, ...others] = await Promise.all([password, passkey, both].map(openSocket));
    const closed = Promise.all(others.map((socket) => once(socket, "close")));
    await endOthers(password);
    await closed;
    expect(kept?.readyState).toBe(WebSocket.OPEN);
    kept?.terminate();
  });

  it("is for people who are signed in, from this site", async () => {
    expect(await endOthers(createBrowser(gateway.origin))).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
    const foreign = { method: "DELETE", headers: { origin: "https://evil.example" } } as const;
    const response = await createBrowser(gateway.origin).fetch("/api/auth/sessions", foreign);
    expect(response.status).toBe(403);
  });
});

describe("a recovery code with the real Kratos", () => {
  it("finds the account by its e-mail in any spelling", async () => {
    const person = createPerson("Spelling");
    const browser = createBrowser(gateway.origin);
    await signUp(browser, person);
    const { codes } = (await (await browser.post("/api/recovery-codes")).json()) as { codes: string[] };
    const spellings = [person.email, person.email.toLowerCase(), ` ${person.email.toUpperCase()} `];
    for (const [place, email] of spellings.entries()) {
      const fresh = createBrowser(gateway.origin);
      const answer = await fresh.post("/api/auth/recovery-code", { email, code: codes[place] });
      expect(answer.status).toBe(200);
      expect(await session(fresh)).toMatchObject({ methods: ["recovery_code"], aal: "aal1" });
    }
    expect(await endOthers(browser)).toEqual({ status: 200, body: { revoked: 3 } });
  });
});
