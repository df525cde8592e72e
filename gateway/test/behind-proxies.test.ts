import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../scripts/wait-until.ts";
import { cookieOf, signInTwo } from "./support/exit-people.ts";
import { type FrontAnswer, type FrontWorld, startFrontWorld } from "./support/front-world.ts";

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
