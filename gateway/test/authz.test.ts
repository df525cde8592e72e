import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedByEnvoy, askedByNginx, askedByTraefik, askRaw, type Lines, provideAuthz } from "./support/authz-world.ts";
import { cookieOf, signInTwo } from "./support/exit-people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const { gateway, people } = provideAuthz();

const host = () => new URL(gateway().origin).host;
const ask = (lines: Lines, body = "", origin = gateway().origin) => askRaw(origin, lines, body);
const EXITS = [
  ["auth-request", askedByNginx],
  ["forward-auth", askedByTraefik],
  ["ext-authz", askedByEnvoy],
] as const;

let untrusting: RunningGateway;
beforeAll(async () => {
  const env = { DATABASE_URL: await createTestDatabase(), TRUSTED_PROXIES: "10.0.0.0/8" };
  untrusting = await startGateway({ env });
});
afterAll(() => untrusting.stop());

const PAGE = ["Accept: text/html", "Sec-Fetch-Mode: navigate"];
const codeIn = (body: string) => (JSON.parse(body) as { code: string; detail: string }).code;
const login = (back: string) => `${gateway().origin}/login?return_to=${encodeURIComponent(back)}`;

describe.each(EXITS)("%s", (name, asks) => {
  const question = (target: string, method?: string) => asks(host(), target, method);
  const nginx = name === "auth-request";

  it("answers who it is, for the rule's audience, and the cookies that are the application's", async () => {
    const answer = await ask([...question("/aal2/x"), `Cookie: a=1; ${people().administrator}; b=2`]);
    expect([answer.status, answer.body]).toEqual([200, ""]);
    const { "x-identity-token": token, ...told } = Object.fromEntries(answer.headers);
    expect(told).toMatchObject({
      "remote-groups": "admin,staff",
      "x-auth-method": "passkey",
      "x-auth-aal": "aal2",
      "cache-control": "no-store",
      cookie: "a=1; b=2",
    });
    expect(told["x-request-id"]).toBeDefined();
    expect(decodeJwt(token ?? "")).toMatchObject({ aud: "https://aal2.example", sub: told["remote-user"] });
  });

  it("answers a public request of nobody without an identity", async () => {
    const answer = await ask([...question("/public"), "Remote-User: root", "remote_email: root", "Cookie: a=1"]);
    expect([answer.status, answer.headers.get("cookie")]).toEqual([200, "a=1"]);
    expect([...answer.headers].filter(([field]) => /^(remote|x-auth|x-identity)/.test(field))).toEqual([]);
    const gone = answer.headers.get("x-envoy-auth-headers-to-remove")?.split(",");
    expect(gone).toEqual(expect.arrayContaining(["remote-user", "remote_email", "x-identity-token"]));
    expect(gone).not.toContain("cookie");
  });

  it("has Envoy take nothing off that it sets", async () => {
    const answer = await ask([
      ...question("/app"),
      `Cookie: ${people().password}`,
      "Remote-User: root",
      "Remote.User: root",
    ]);
    const gone = answer.headers.get("x-envoy-auth-headers-to-remove")?.split(",");
    expect(gone).toEqual(["remote-name", "remote-groups", "remote.user", "cookie"]);
  });

  it.each([
    ["GET", 302],
    ["POST", 303],
  ] as const)("sends nobody's page load (%s) to the sign-in, as a whole address", async (method, status) => {
    const answer = await ask([...question("/app/deep?q=1&r=%2F", method), ...PAGE]);
    expect(answer.headers.get("location")).toBe(login("/app/deep?q=1&r=%2F"));
    expect(answer.status).toBe(nginx ? 401 : status);
    expect(answer.headers.get("x-passbridge-redirect")).toBe(nginx ? String(status) : null);
  });

  it("refuses nobody's fetch with 401", async () => {
    const answer = await ask([...question("/app"), "Accept: application/json"]);
    expect([answer.status, codeIn(answer.body)]).toEqual([401, "unauthenticated"]);
    expect(answer.headers.get("location")).toBe(nginx ? login("/app") : null);
    expect(answer.headers.get("x-passbridge-redirect")).toBeNull();
  });

  it("has page loads step up, and refuses the rest with 403", async () => {
    const cookie = `Cookie: ${people().passkeyAal1}`;
    const page = await ask([...question("/aal2?a=b"), ...PAGE, cookie]);
    expect(page.status).toBe(nginx ? 401 : 302);
    const step = "/login?reauthenticate=1&need=passkey&return_to=%2Faal2%3Fa%3Db";
    expect(page.headers.get("location")).toBe(gateway().origin + step);
    const rest = await ask([...question("/aal2"), cookie]);
    expect([rest.status, codeIn(rest.body)]).toEqual([403, "aal2_required"]);
    if (nginx) expect(rest.headers.get("x-passbridge-problem")).toBe("aal2_required");
  });

  it("refuses what is denied with 403, and page loads by a page", async () => {
    const cookie = `Cookie: ${people().administrator}`;
    expect((await ask([...question("/denied"), cookie])).status).toBe(403);
    const page = await ask([...question("/denied"), cookie, ...PAGE]);
    expect([page.status, page.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
  });

  it("leaves a POST from another site to the application, and a WebSocket from there it refuses", async () => {
    const cookie = `Cookie: ${people().passkey}`;
    const foreign = "Origin: https://evil.example";
    expect((await ask([...question("/app", "POST"), cookie, foreign, "Sec-Fetch-Site: cross-site"])).status).toBe(200);
    for (const sign of ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Upgrade: websocket\r\nConnection: Upgrade"]) {
      const refused = await ask([...question("/app"), cookie, foreign, sign]);
      expect([refused.status, codeIn(refused.body)]).toEqual([403, "csrf_rejected"]);
      expect((await ask([...question("/app"), cookie, `Origin: ${gateway().origin}`, sign])).status).toBe(200);
      expect((await ask([...question("/app"), ...PAGE, sign])).status).toBe(401);
    }
  });

  it("lets its own paths on as nobody's, written as they are", async () => {
    const cookie = `Cookie: ${people().passkey}`;
    for (const path of ["/login?return_to=%2F", "/api/auth/session", "/.ory/kratos/x", "/health/ready"]) {
      const { status, headers } = await ask([...question(path), cookie]);
      expect([status, headers.get("remote-user"), headers.get("cookie")]).toEqual([200, null, people().passkey]);
    }
    expect((await ask([...question("/api/authz/auth-request"), cookie])).status).toBe(403);
    expect((await ask([...question("/%6cogin"), cookie])).status).toBe(403);
    expect((await ask([...question("/login/..%2fdenied"), cookie])).status).toBe(400);
    expect((await ask([...question("/loginx"), cookie])).status).toBe(403);
  });

  it("refuses TRACE, which would show the client who it is said to be", async () => {
    const answer = await ask([...question("/app", "TRACE"), `Cookie: ${people().passkey}`]);
    expect([answer.status, answer.headers.get("x-identity-token")]).toEqual([400, null]);
  });

  it.each(["//evil.test/a", "/a/../b", "/a%2fb", "/a\\b", "/a%00", "/a%", "/a#b"])(
    "takes %s for no path",
    async (path) => {
      expect((await ask(question(path))).status).toBe(400);
    },
  );

  it("ends the older of two people's sessions, and clears its cookie in the answer", async () => {
    const { browser, newer } = await signInTwo(gateway());
    const { status, headers } = await ask([...question("/app"), `Cookie: ${cookieOf(browser)}`]);
    expect([status, headers.get("remote-email")]).toEqual([200, newer.email]);
    expect(headers.get("set-cookie")).toMatch(/^passbridge_session=;/);
  });

  it("answers nobody whom TRUSTED_PROXIES does not name", async () => {
    const answer = await ask(
      [...question("/app"), `Cookie: ${people().passkey}`, "X-Forwarded-For: 10.0.0.1"],
      "",
      untrusting.origin,
    );
    expect([answer.status, codeIn(answer.body), answer.headers.get("remote-user")]).toEqual([403, "forbidden", null]);
    expect(answer.body).toContain("TRUSTED_PROXIES");
  });
});
