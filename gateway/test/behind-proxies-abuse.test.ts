import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { OWN_PATHS } from "../src/http/own-paths.ts";
import { type FrontWorld, startFrontWorld } from "./support/front-world.ts";
import { rawRequest } from "./support/raw-http.ts";

const FETCH = { accept: "application/json", "sec-fetch-mode": "cors" };

describe.each(["nginx", "caddy"] as const)("%s with the configuration from deploy/", (kind) => {
  let world: FrontWorld;
  beforeAll(async () => {
    world = await startFrontWorld(kind);
  });
  afterAll(() => world.stop());

  const SPOOFS = {
    "Remote-User": "root",
    remote_user: "root",
    Remote_Email: "root@example.com",
    "REMOTE.GROUPS": "admin",
    "remote-name": "root",
    "Remote-Groups": "admin",
    "X-Auth-Aal": "aal2",
    X_Auth_Method: "passkey",
    "X-Identity-Token": "e30.e30.",
    "X-Auth-Request-User": "root",
    "X-Auth-Request-Groups": "admin",
    "X-Forwarded-User": "root",
    X_Forwarded_Groups: "admin",
    "X-Forwarded-Email": "root@example.com",
  };

  it("lets nothing on that a client says of itself, on public paths as well", async () => {
    for (const cookie of ["", world.people.password]) {
      const { status, reached } = await world.ask("/public/page", { cookie, headers: SPOOFS });
      expect(status).toBe(200);
      const told = JSON.stringify(reached?.rawHeaders);
      expect(told).not.toMatch(/root|admin|e30/);
      expect("remote-user" in (reached?.headers ?? {})).toBe(cookie !== "");
      expect(reached?.rawHeaders.filter((_, at) => at % 2 === 0).join(" ")).not.toMatch(/_/);
      expect(reached?.rawHeaders.join(" ")).not.toMatch(/\{http|nil/);
    }
  });

  it("does not believe a client that names another request", async () => {
    const claims = {
      "X-Original-URL": `${world.origin}/public`,
      X_Original_URL: `${world.origin}/public`,
      "X-Original-Method": "OPTIONS",
      "X-Forwarded-Method": "OPTIONS",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "one.wild.test",
      "X-Forwarded-Uri": "/public",
      "X-Rewrite-URL": "/public",
      Forwarded: "host=one.wild.test",
    };
    expect(await world.ask("/app", { headers: { ...FETCH, ...claims } })).toMatchObject({ status: 401, reached: null });
    const { reached } = await world.ask("/public", { headers: claims });
    expect(reached?.headers).toMatchObject({
      "x-forwarded-host": new URL(world.origin).host,
      "x-forwarded-proto": "http",
    });
    expect(reached?.headers).not.toHaveProperty("x-original-url");
    expect(reached?.headers).not.toHaveProperty("x-rewrite-url");
    expect(reached?.headers).not.toHaveProperty("forwarded");
  });

  it.each([
    "/public/..%2fdenied",
    "/public/%2e%2e%2fdenied",
    "/public%2f..%2fdenied",
    "/public/..;/denied",
    "/public/%5c..%5cdenied",
    "/public/%2e%2e;x/denied",
    "/public/%252e%252e/../denied",
    "/public/%00",
    "/login/..%2fdenied",
  ])("takes %s for none of the application's pages", async (path) => {
    const head = `GET ${path} HTTP/1.1\r\nHost: ${new URL(world.origin).host}\r\nX-Test-Id: trick\r\nConnection: close\r\n\r\n`;
    expect(await rawRequest(world.origin, head)).toMatch(/^HTTP\/1.1 (400|403|401|404) /);
    const cookie = world.people.administrator;
    const { status, reached } = await world.ask("/public/trick", { cookie });
    expect([status, reached?.url]).toEqual([200, "/public/trick"]);
  });

  it("decides by what the application will read of an encoded path", async () => {
    expect((await world.ask("/%64enied/x", { cookie: world.people.administrator })).status).toBe(403);
    expect((await world.ask("/%70ublic/x")).reached?.url).toBe("/%70ublic/x");
  });

  const open = (path: string, headers: Record<string, string>) =>
    new WebSocket(`${world.origin.replace("http", "ws")}${path}`, { headers });
  const refusal = async (headers: Record<string, string>) => {
    const [refused, answer] = await once(open("/app/ws", headers), "unexpected-response");
    (refused as { destroy: () => void }).destroy();
    return (answer as IncomingMessage).statusCode;
  };

  it("opens a WebSocket for people, from their own pages only", async () => {
    const cookie = world.people.passkey;
    const socket = open("/app/ws", { cookie, origin: world.origin });
    socket.on("error", () => undefined);
    const [answer] = (await once(socket, "upgrade")) as [IncomingMessage];
    expect(answer.statusCode).toBe(101);
    socket.terminate();
    expect(await refusal({ origin: world.origin })).toBe(401);
    expect(await refusal({ cookie, origin: "https://evil.example" })).toBe(403);
  });

  it("asks for nobody who is outside", async () => {
    const headers = { "X-Original-URL": `${world.origin}/app`, "X-Original-Method": "GET" };
    for (const path of ["/api/authz/auth-request", "/api/authz", "/api%2fauthz/auth-request", "/.passbridge/ask"]) {
      const answer = await world.ask(path, { cookie: world.people.passkey, headers });
      expect(answer.headers).not.toHaveProperty("remote-user");
      expect(answer.reached).toBeNull();
      expect([403, 404]).toContain(answer.status);
    }
  });

  it("has the gateway answer its own paths, and no other", async () => {
    for (const path of OWN_PATHS) {
      for (const below of [path, `${path}/below`]) {
        const answer = await world.ask(below, { headers: FETCH });
        expect(`${below} ${answer.headers["x-request-id"] !== undefined || path.startsWith("/health/")}`).toBe(
          `${below} true`,
        );
        expect(answer.reached).toBeNull();
      }
    }
    expect((await world.ask("/loginx", { headers: FETCH })).status).toBe(403);
    expect((await world.ask("/public/login")).reached?.url).toBe("/public/login");
  });
});
