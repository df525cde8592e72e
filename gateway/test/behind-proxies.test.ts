import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { waitUntil } from "../../scripts/wait-until.ts";
import { OWN_PATHS } from "../src/http/own-paths.ts";
import { cookieOf, signInTwo } from "./support/exit-people.ts";
import { type FrontAnswer, type FrontWorld, startFrontWorld } from "./support/front-world.ts";
import { rawRequest } from "./support/raw-http.ts";

const PAGE = { accept: "text/html", "sec-fetch-mode": "navigate" };
const FETCH = { accept: "application/json", "sec-fetch-mode": "cors" };

const codeOf = ({ body }: FrontAnswer) => (JSON.parse(body) as { code: string }).code;

describe.each(["nginx", "caddy"] as const)("%s with the configuration from deploy/", (kind) => {
  let world: FrontWorld;
  beforeAll(async () => {
    world = await startFrontWorld(kind);
  });
  afterAll(() => world.stop());

  const login = (back: string) => `${world.origin}/login?return_to=${encodeURIComponent(back)}`;

  it.each([
    ["GET", 302],
    ["POST", 303],
  ])("sends nobody's page load (%s) to the sign-in and back, by %i", async (method, status) => {
    const answer = await world.ask("/app/deep?q=1&r=%2F", { method, headers: PAGE });
    expect(answer).toMatchObject({ status, location: login("/app/deep?q=1&r=%2F"), reached: null });
    expect(answer.headers["cache-control"]).toContain("no-store");
  });

  it("refuses nobody's fetch with a problem document", async () => {
    const answer = await world.ask("/app/data", { headers: FETCH });
    expect(answer).toMatchObject({ status: 401, location: null, reached: null });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(codeOf(answer)).toBe("unauthenticated");
  });

  it.each([
    ["password", "password", "aal1"],
    ["passkey", "passkey", "aal2"],
    ["both", "passkey", "aal2"],
  ] as const)("lets %s on with the identity and without the session cookies", async (state, method, aal) => {
    const cookie = `theirs=1; ${world.people[state]}; more=2`;
    const { status, body, headers, reached } = await world.ask("/app/page?x=%2F", { cookie, headers: FETCH });
    expect([status, body]).toEqual([200, "the application"]);
    expect(headers).not.toHaveProperty("set-cookie");
    expect(reached).toMatchObject({ method: "GET", url: "/app/page?x=%2F" });
    expect(reached?.headers).toMatchObject({
      "remote-user": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "remote-email": expect.stringContaining("@example.com"),
      "x-auth-method": method,
      "x-auth-aal": aal,
      cookie: "theirs=1; more=2",
      host: new URL(world.origin).host,
    });
    expect(reached?.headers).not.toHaveProperty("remote-name");
    expect(reached?.headers).not.toHaveProperty("remote-groups");
    expect(decodeJwt(String(reached?.headers["x-identity-token"]))).toMatchObject({
      iss: world.origin,
      aud: world.origin,
      sub: reached?.headers["remote-user"],
      acr: aal,
    });
  });

  it("tells roles, and a rule's audience", async () => {
    const { reached } = await world.ask("/aal2", { cookie: world.people.administrator });
    expect(reached?.headers["remote-groups"]).toBe("admin,staff");
    expect(decodeJwt(String(reached?.headers["x-identity-token"])).aud).toBe("https://aal2.example");
    expect(reached?.headers).not.toHaveProperty("cookie");
  });

  it("goes on with step-ups: by a redirect for page loads, by a code for the rest", async () => {
    const { password, passkeyAal1 } = world.people;
    const step = `${world.origin}/login?reauthenticate=1&need=passkey&return_to=%2Faal2%3Fa%3Db`;
    expect(await world.ask("/aal2?a=b", { cookie: passkeyAal1, headers: PAGE })).toMatchObject({
      status: 302,
      location: step,
      reached: null,
    });
    const refused = await world.ask("/aal2", { cookie: passkeyAal1, headers: FETCH });
    expect([refused.status, codeOf(refused)]).toEqual([403, "aal2_required"]);
    const unverified = await world.ask("/verified", { cookie: password, headers: FETCH });
    expect([unverified.status, codeOf(unverified)]).toEqual([403, "email_unverified"]);
    expect((await world.ask("/verified", { cookie: world.people.verified })).status).toBe(200);
  });

  it("refuses what is denied, and who has not the role, with a page for people", async () => {
    const { administrator, staff } = world.people;
    const denied = await world.ask("/denied", { cookie: administrator, headers: FETCH });
    expect([denied.status, codeOf(denied), denied.reached]).toEqual([403, "forbidden", null]);
    const page = await world.ask("/roles", { cookie: staff, headers: PAGE });
    expect([page.status, page.headers["content-type"]]).toEqual([403, "text/html; charset=utf-8"]);
    expect((await world.ask("/roles", { cookie: administrator })).status).toBe(200);
  });

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

  it("carries a POST's body on to the application, and judges it by its own method", async () => {
    const { administrator, password } = world.people;
    const body = "x".repeat(200_000);
    const sent = await world.ask("/forms/a", {
      method: "POST",
      cookie: administrator,
      body,
      headers: { origin: "https://x.test" },
    });
    expect([sent.status, sent.reached?.method, sent.reached?.body.length]).toEqual([200, "POST", 200_000]);
    expect((await world.ask("/forms/a", { cookie: password })).status).toBe(200);
    const refused = await world.ask("/forms/a", { method: "POST", cookie: password, body, headers: FETCH });
    expect([refused.status, codeOf(refused), refused.reached]).toEqual([403, "passkey_required", null]);
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
    for (const path of OWN_PATHS.filter((own) => own !== "/api/authz")) {
      for (const below of [path, `${path}/below`]) {
        const answer = await world.ask(below, { headers: FETCH });
        expect(`${below} ${answer.headers["x-request-id"] !== undefined || path === "/health"}`).toBe(`${below} true`);
        expect(answer.reached).toBeNull();
      }
    }
    expect((await world.ask("/loginx", { headers: FETCH })).status).toBe(403);
    expect((await world.ask("/public/login")).reached?.url).toBe("/public/login");
  });

  it("ends the older of two people's sessions, and clears its cookie", async () => {
    const { browser, newer } = await signInTwo({ ...world.gateway, origin: world.origin });
    const { headers, reached } = await world.ask("/app", { cookie: cookieOf(browser) });
    expect(reached?.headers["remote-email"]).toBe(newer.email);
    expect(String(headers["set-cookie"])).toMatch(/^passbridge_session=;.*Expires=Thu, 01 Jan 1970/);
  });

  const becomes = (path: string, cookie: string, status: number) =>
    waitUntil(async () => expect((await world.ask(path, { cookie, headers: FETCH })).status).toBe(status), {
      what: `${path}: ${status}`,
      timeout: 30_000,
    });

  it("says in an outage of Kratos or Redis that it cannot decide, and signs nobody out", async () => {
    const { password, passkey } = world.people;
    await world.stack.kratos.kill();
    await becomes("/app", password, 503);
    const refused = await world.ask("/app", { cookie: password, headers: FETCH });
    expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
    expect(refused.headers).not.toHaveProperty("set-cookie");
    expect(codeOf(refused)).toBe("dependency_unavailable");
    const page = await world.ask("/app", { cookie: password, headers: PAGE });
    expect([page.status, page.location, page.headers["content-type"]]).toEqual([503, null, "text/html; charset=utf-8"]);
    expect((await world.ask("/app", { cookie: passkey })).status).toBe(200);
    expect((await world.ask("/public")).status).toBe(200);
    await world.stack.kratos.start();
    await becomes("/app", password, 200);
    await world.stack.redis.kill();
    await becomes("/app", passkey, 503);
    expect((await world.ask("/app", { cookie: password })).status).toBe(200);
    await world.stack.redis.start();
    await becomes("/app", password, 200);
  });
});
