import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { setPolicy, signInAdministrator } from "./support/administrator.ts";
import type { TestBrowser } from "./support/browser.ts";
import { openSocket as open } from "./support/open-socket.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
} from "./support/passkey-world.ts";

let stack: TestStack;
let pages: string;
let upstream: Server;
let reached = 0;
let world: PasskeyWorld;
let admin: TestBrowser;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres", "redis"] });
  upstream = createServer((_request, response) => {
    reached += 1;
    response.end("the application");
  });
  new WebSocketServer({ server: upstream });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  pages = mkdtempSync(join(tmpdir(), "passbridge-pages-"));
  writeFileSync(join(pages, "index.html"), "the pages");
  const env = { UPSTREAM_URL: `http://127.0.0.1:${port}`, PAGES_DIR: pages };
  world = await createPasskeyWorld({ stack, env });
  admin = (await signInAdministrator(world)).browser;
  await setPolicy(admin, { enforcement: "required" });
});
beforeEach(() => {
  reached = 0;
});
afterAll(async () => {
  await world.stop();
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
  rmSync(pages, { recursive: true });
});

const page = (browser: TestBrowser, path: string, method: "GET" | "POST" = "GET") =>
  browser.fetch(path, { method, headers: { accept: "text/html", "sec-fetch-mode": "navigate" } });

function openSocket(browser: TestBrowser): Promise<number | undefined> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return open(world.gateway.origin.replace("http", "ws"), { cookie });
}

const DEEP = "/deep/link?q=1";
const BACK = encodeURIComponent(DEEP);
const OFFER = "/register/passkey-offer?required=1";
const SIGN_IN = "/login?reauthenticate=1&need=passkey";

describe("where a passkey is required", () => {
  it("a person without one is sent to add one, and their requests are refused", async () => {
    const browser = world.browser(world.people.add());
    const sent = await page(browser, DEEP);
    expect([sent.status, sent.headers.get("location")]).toEqual([302, `${OFFER}&return_to=${BACK}`]);
    expect((await page(browser, DEEP, "POST")).status).toBe(303);
    expect(sent.headers.get("cache-control")).toBe("no-store");
    const refused = await answerOf(browser.fetch(DEEP));
    expect(refused).toMatchObject(problem(403, "passkey_required"));
    expect(refused.body.login_url).toBe(world.gateway.origin + OFFER);
    expect(await openSocket(browser)).toBe(403);
    expect(reached).toBe(0);
  });

  it("a person with one who did not use it is sent to sign in with it", async () => {
    const { browser } = await personWithPasskey(world);
    expect((await page(browser, DEEP)).headers.get("location")).toBe(`${SIGN_IN}&return_to=${BACK}`);
    const refused = await answerOf(browser.fetch(DEEP));
    expect(refused).toMatchObject(problem(403, "passkey_required"));
    expect(refused.body.login_url).toBe(world.gateway.origin + SIGN_IN);
    expect(await openSocket(browser)).toBe(403);
    expect(reached).toBe(0);
  });

  it("the way from a password to the application is open: add a passkey, use it, go on", async () => {
    const person = world.people.add();
    const browser = world.browser(person);
    const authenticator = world.authenticator();
    expect(await (await page(browser, OFFER)).text()).toBe("the pages");
    expect((await answerOf(browser.fetch("/api/auth/session"))).body.passkeys).toEqual({
      count: 0,
      prompt: true,
      enforcement: "required",
    });
    expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
    expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
    expect(await (await page(browser, DEEP)).text()).toBe("the application");
    expect(await openSocket(browser)).toBe(101);
    const elsewhere = world.browser();
    await login(elsewhere, authenticator);
    expect((await elsewhere.fetch("/")).status).toBe(200);
  });

  it('"not now" opens nothing', async () => {
    const browser = world.browser(world.people.add());
    expect((await browser.post("/api/passkeys/prompt/dismiss")).status).toBe(204);
    expect((await browser.fetch("/")).status).toBe(403);
    expect((await answerOf(browser.fetch("/api/auth/session"))).body.passkeys).toMatchObject({ prompt: true });
  });

  it("a recovery code opens no more than a password", async () => {
    const { person, browser } = await personWithPasskey(world);
    const { codes } = (await answerOf(browser.post("/api/recovery-codes"))).body as { codes: string[] };
    const recovered = world.browser();
    const email = person.identity.email;
    expect((await recovered.post("/api/auth/recovery-code", { email, code: codes[0] })).status).toBe(200);
    expect((await answerOf(recovered.fetch("/api/auth/session"))).body).toMatchObject({ methods: ["recovery_code"] });
    expect((await page(recovered, DEEP)).headers.get("location")).toBe(`${SIGN_IN}&return_to=${BACK}`);
    expect(await answerOf(recovered.fetch("/"))).toMatchObject(problem(403, "passkey_required"));
    expect(await openSocket(recovered)).toBe(403);
    expect(reached).toBe(0);
  });

  it("nobody's requests are answered as before", async () => {
    expect((await page(world.browser(), DEEP)).headers.get("location")).toBe(`/login?return_to=${BACK}`);
    expect((await world.browser().fetch(DEEP)).status).toBe(401);
    expect(await openSocket(world.browser())).toBe(401);
  });

  it("a person who may have none goes on with a password", async () => {
    const person = world.people.add();
    expect((await admin.post(`/api/passkeys/disable/${person.identity.id}`)).status).toBe(204);
    expect((await world.browser(person).fetch("/")).status).toBe(200);
    expect(await openSocket(world.browser(person))).toBe(101);
    expect((await admin.post(`/api/passkeys/enable/${person.identity.id}`)).status).toBe(204);
    expect((await world.browser(person).fetch("/")).status).toBe(403);
  });

  it("the application opens again as soon as the policy says so", async () => {
    const browser = world.browser(world.people.add());
    for (const enforcement of ["prompt", "off"]) {
      await setPolicy(admin, { enforcement });
      expect((await browser.fetch("/")).status).toBe(200);
    }
    await setPolicy(admin, { enforcement: "required" });
    expect((await browser.fetch("/")).status).toBe(403);
  });

  it("with Postgres away a passkey goes on, and a password is undecided, not signed out", async () => {
    const { browser: byPassword, authenticator } = await personWithPasskey(world);
    const byPasskey = world.browser();
    await login(byPasskey, authenticator);
    const unknown = world.browser(world.people.add());
    await stack.postgres.stop();
    try {
      expect((await byPasskey.fetch("/")).status).toBe(200);
      for (const browser of [unknown, byPassword]) {
        const before = new Map(browser.cookies);
        const session = await answerOf(browser.fetch("/api/auth/session"));
        expect(session).toMatchObject({ status: 200, body: { authenticated: true } });
        expect(session.body.passkeys).toMatchObject({ enforcement: "required", prompt: false });
        expect(browser.cookies).toEqual(before);
      }
      expect(await answerOf(unknown.fetch("/"))).toMatchObject(problem(503, "dependency_unavailable"));
      expect((await page(unknown, "/")).status).toBe(503);
      expect(await openSocket(unknown)).toBe(503);
      expect([403, 503]).toContain((await byPassword.fetch("/")).status);
      expect((await answerOf(admin.fetch("/api/admin/policy"))).body).toMatchObject({ enforcement: "required" });
      const change = admin.fetch("/api/admin/policy", { method: "PUT", json: { enforcement: "off" } });
      expect(await answerOf(change)).toMatchObject(problem(503, "dependency_unavailable"));
    } finally {
      await stack.postgres.start();
    }
    const healed = async () => (await unknown.fetch("/")).status;
    await expect.poll(healed, { timeout: 15_000 }).toBe(403);
  });
});
