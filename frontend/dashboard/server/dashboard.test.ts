import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createSigner, ISSUER, identityHeaders, PERSON, type Signer } from "../test/support/signer.ts";
import type { DashboardConfig } from "./config.ts";
import { type Dashboard, startDashboard } from "./dashboard.ts";
import type { StaticFiles } from "./static-files.ts";

const FILES: StaticFiles = new Map([
  ["/", { body: Buffer.from("<!doctype html>"), type: "text/html; charset=utf-8", cacheControl: "no-cache" }],
]);

let signer: Signer;
let keyServer: Server;
let config: DashboardConfig;
let dashboard: Dashboard;

beforeAll(async () => {
  signer = await createSigner();
  keyServer = createServer((request, response) => {
    const found = request.url === "/.well-known/jwks.json";
    response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" }).end(JSON.stringify(signer.jwks));
  });
  await new Promise<void>((resolve) => {
    keyServer.listen(0, "127.0.0.1", resolve);
  });
  const gatewayUrl = new URL(`http://127.0.0.1:${(keyServer.address() as AddressInfo).port}`);
  config = { host: "127.0.0.1", port: 0, publicUrl: new URL(ISSUER), gatewayUrl, audience: ISSUER };
  dashboard = await startDashboard(config, FILES);
});
afterAll(async () => {
  await dashboard.close();
  keyServer.close();
});

const ask = (path: string, init?: RequestInit) => fetch(dashboard.origin + path, init);
const report = async (headers?: Record<string, string>) =>
  (await ask("/sample/identity", headers && { headers })).json();

describe("GET /sample/identity", () => {
  it("says who it is when the gateway proved it, without giving the token away", async () => {
    const token = await signer.sign();
    const answer = await report(identityHeaders(token));
    expect(answer).toMatchObject({ arrival: "gateway", public_url: ISSUER, token: { kind: "verified" } });
    expect(answer.headers).toContainEqual({ name: "Remote-User", value: PERSON });
    expect(answer.headers).toContainEqual({ name: "Remote-Name", value: "Ada Lövelace" });
    expect(JSON.stringify(answer)).not.toContain(token.split(".")[2]);
  });

  it("says that nobody came when it is opened directly", async () => {
    const nobody = { arrival: "direct", public_url: ISSUER, headers: [], token: { kind: "missing" } };
    expect(await report()).toEqual(nobody);
  });

  it("does not believe headers without a token, or with one it can't verify", async () => {
    expect(await report({ "Remote-User": PERSON })).toMatchObject({ arrival: "doubtful", token: { kind: "missing" } });
    const stranger = await createSigner();
    const answer = await report(identityHeaders(await stranger.sign()));
    expect(answer).toMatchObject({ arrival: "doubtful", token: { kind: "refused", fault: "unknown_key" } });
  });

  it("says that the keys are out of reach when the gateway is", async () => {
    const alone = await startDashboard({ ...config, gatewayUrl: new URL("http://127.0.0.1:1") }, FILES);
    try {
      const headers = identityHeaders(await signer.sign());
      const answer = await (await fetch(`${alone.origin}/sample/identity`, { headers })).json();
      expect(answer).toMatchObject({ arrival: "doubtful", token: { fault: "keys_unreachable" } });
    } finally {
      await alone.close();
    }
  });
});

describe("areas with rules of their own", () => {
  it.each(["/payments", "/payments/42?from=mail", "/admin-area", "/public/x"])("%s is the page", async (path) => {
    const answer = await ask(path);
    expect([answer.status, await answer.text()]).toEqual([200, "<!doctype html>"]);
  });

  it.each(["/payments/identity", "/admin-area/identity", "/public/identity"])("%s says who it is", async (path) => {
    const headers = identityHeaders(await signer.sign());
    expect(await (await ask(path, { headers })).json()).toMatchObject({ arrival: "gateway" });
  });
});

describe("the rest", () => {
  it("answers with a strict policy everywhere", async () => {
    for (const path of ["/", "/healthz", "/nowhere"]) {
      const policy = (await ask(path)).headers.get("Content-Security-Policy");
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
    }
  });

  it.each([
    ["/", 200],
    ["/?a=1", 200],
    ["/healthz", 200],
    ["/nowhere", 404],
    ["/../package.json", 404],
    ["/%2e%2e/package.json", 404],
  ])("answers %s with %i", async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });

  it("takes no other method", async () => {
    const answer = await ask("/", { method: "POST" });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("refuses to start on a port that is taken", async () => {
    const port = Number(new URL(dashboard.origin).port);
    await expect(startDashboard({ ...config, port }, FILES)).rejects.toThrow(/EADDRINUSE/);
  });
});

type Talk = { readonly next: () => Promise<unknown>; readonly socket: WebSocket; readonly closed: Promise<number> };

function talk(path = "/ws", headers: Record<string, string> = {}): Talk {
  const socket = new WebSocket(dashboard.origin.replace("http", "ws") + path, { headers });
  const messages: unknown[] = [];
  const waiting: Array<(message: unknown) => void> = [];
  socket.on("message", (data) => {
    const message: unknown = JSON.parse(data.toString());
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else messages.push(message);
  });
  const next = () =>
    new Promise<unknown>((resolve) => {
      if (messages.length > 0) resolve(messages.shift());
      else waiting.push(resolve);
    });
  const closed = new Promise<number>((resolve) => {
    socket.on("close", (code) => resolve(code));
  });
  return { next, socket, closed };
}

const refusal = (path: string, headers?: Record<string, string>) =>
  new Promise((resolve) => {
    talk(path, headers).socket.on("error", (error) => resolve(error.message));
  });

describe("the WebSocket at /ws", () => {
  it("greets by the verified name and says everything back", async () => {
    const { next, socket } = talk("/ws", identityHeaders(await signer.sign()));
    expect(await next()).toEqual({ type: "hello", who: "ada@example.com", verified: true });
    socket.send("Ahoi ⚓");
    expect(await next()).toEqual({ type: "echo", text: "Ahoi ⚓" });
    socket.close();
  });

  it("believes no header without a token", async () => {
    const { next, socket } = talk("/ws", { "Remote-Email": "eve@example.com" });
    expect(await next()).toEqual({ type: "hello", who: null, verified: false });
    socket.close();
  });

  it("refuses other paths and other sites' pages", async () => {
    expect(await refusal("/other")).toContain("404");
    expect(await refusal("/ws", { Origin: "https://evil.example" })).toContain("403");
  });

  it("takes the gateway's own pages", async () => {
    const { next, socket } = talk("/ws", { Origin: ISSUER });
    expect(await next()).toMatchObject({ type: "hello" });
    socket.close();
  });

  it("closes on binary and on too much", async () => {
    const binary = talk();
    await binary.next();
    binary.socket.send(Buffer.of(1));
    expect(await binary.closed).toBe(1003);
    const large = talk();
    await large.next();
    large.socket.send("x".repeat(5000));
    expect(await large.closed).toBe(1009);
  });

  it("ends with the server", async () => {
    const second = await startDashboard(config, FILES);
    const socket = new WebSocket(`${second.origin.replace("http", "ws")}/ws`);
    const code = new Promise((resolve) => {
      socket.on("close", resolve);
    });
    await new Promise((resolve) => {
      socket.once("message", resolve);
    });
    await second.close();
    expect(await code).toBe(1001);
  });
});
