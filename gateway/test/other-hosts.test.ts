import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { createBrowser } from "./support/browser.ts";
import { openSocket } from "./support/open-socket.ts";
import { createPerson, signUp } from "./support/people.ts";
import { ruleFor } from "./support/route-rules.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const DOMAIN = "passbridge.localhost";
const PUBLIC_URL = `http://auth.${DOMAIN}`;
const HTML = { accept: "text/html", "sec-fetch-mode": "navigate" };

let stack: TestStack;
let upstream: Server;
let pages: string;
let gateway: RunningGateway;
let port: string;
const warnings: { hosts?: string[] }[] = [];

beforeAll(async () => {
  upstream = createServer((request, response) => response.end(String(request.headers["remote-email"])));
  new WebSocketServer({ server: upstream });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  pages = mkdtempSync(join(tmpdir(), "passbridge-pages-"));
  writeFileSync(join(pages, "index.html"), "the pages");
  stack = await startTestStack({ publicUrl: PUBLIC_URL, cookieDomain: DOMAIN });
  const DATABASE_URL = await createTestDatabase(stack.databaseUrl);
  const url = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  const rules = ["app", "*.apps", "auth"].map((name) =>
    ruleFor(url, 5_000, { name, hosts: [`${name}.${DOMAIN}`, ...(name === "app" ? ["elsewhere.example"] : [])] }),
  );
  const log = pino({ level: "warn" }, { write: (line) => void warnings.push(JSON.parse(line)) });
  gateway = await startGateway({
    stack,
    env: { PUBLIC_URL, DATABASE_URL, COOKIE_DOMAIN: DOMAIN, PAGES_DIR: pages },
    overrides: { log, rules: () => ({ rules, ignoreCase: false }) },
  });
  port = String((gateway.server.address() as AddressInfo).port);
});
afterAll(async () => {
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
  rmSync(pages, { recursive: true });
});

type Answer = { readonly status: number; readonly location: string | undefined; readonly body: string };

/** A request to a host of that name, which loopback addresses answer. */
async function ask(name: string, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const request = send({ host: "127.0.0.1", port, path, headers: { host: `${name}.${DOMAIN}`, ...headers } });
  request.end();
  const [response] = await once(request, "response");
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, location: response.headers.location, body };
}

/** Signs somebody up at PUBLIC_URL; the cookies as the answers set them, and as a browser sends them. */
async function signedIn() {
  const browser = createBrowser(`http://127.0.0.1:${port}`);
  const set: string[] = [];
  const watched = {
    ...browser,
    fetch: async (...call: Parameters<typeof browser.fetch>) => {
      const [path, request] = call;
      const headers = { origin: PUBLIC_URL, host: `auth.${DOMAIN}`, ...request?.headers };
      const response = await browser.fetch(path, { ...request, headers });
      set.push(...response.headers.getSetCookie());
      return response;
    },
    post: (path: string, json: unknown = {}) => watched.fetch(path, { method: "POST", json }),
  };
  const person = createPerson();
  await signUp(watched, person);
  const cookie = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return { browser: watched, person, set, cookie };
}

describe("with COOKIE_DOMAIN", () => {
  it("Kratos' session cookie carries the domain, and its other cookies do not", async () => {
    const { set } = await signedIn();
    const session = set.filter((line) => line.startsWith("ory_kratos_session="));
    expect(session.length).toBeGreaterThan(0);
    for (const line of session) expect(line).toMatch(/; Domain=passbridge\.localhost(;|$)/i);
    for (const line of set)
      if (/^(csrf_token_|passbridge_browser)/.test(line)) expect(line).not.toMatch(/domain=pass/i);
  });

  it("people are signed in at the other hosts, and signing out clears the cookie by its domain", async () => {
    const { browser, person, set, cookie } = await signedIn();
    for (const name of ["app", "one.apps", "auth"]) {
      expect(await ask(name, "/", { cookie: cookie() })).toMatchObject({ status: 200, body: person.email });
    }
    set.length = 0;
    expect((await browser.post("/api/auth/logout")).status).toBe(204);
    expect(set.filter((line) => /^ory_kratos_session=;/.test(line)).join()).toMatch(/; Domain=passbridge\.localhost;/);
  });

  it("the gateway's own session cookie carries it as well, and is cleared by it", async () => {
    const { browser, set } = await signedIn();
    const { codes } = (await (await browser.post("/api/recovery-codes")).json()) as { codes: string[] };
    const { identity } = (await (await browser.fetch("/api/auth/session")).json()) as { identity: { email: string } };
    await browser.post("/api/auth/logout");
    set.length = 0;
    const code = { email: identity.email, code: codes[0] };
    expect((await browser.post("/api/auth/recovery-code", code)).status).toBe(200);
    expect(set.find((line) => line.startsWith("passbridge_session="))).toMatch(/; Domain=passbridge\.localhost;/);
    set.length = 0;
    await browser.post("/api/auth/logout");
    expect(set.find((line) => line.startsWith("passbridge_session=;"))).toMatch(/; Domain=passbridge\.localhost;/);
  });

  it("nobody is sent to sign in at PUBLIC_URL and comes back to the whole address", async () => {
    const { status, location } = await ask("app", "/a?b=%2F", HTML);
    const back = encodeURIComponent(`http://app.${DOMAIN}/a?b=%2F`);
    expect([status, location]).toEqual([302, `${PUBLIC_URL}/login?return_to=${back}`]);
    const settings = await ask("auth", "/.passbridge/config.json", {});
    expect(JSON.parse(settings.body).return_hosts).toEqual([`app.${DOMAIN}`, "elsewhere.example", `*.apps.${DOMAIN}`]);
  });

  it("own pages at another host lead to PUBLIC_URL's; a host no rule names gets them as ever", async () => {
    const sent = await ask("app", "/login?return_to=%2Fa", HTML);
    expect([sent.status, sent.location]).toEqual([302, `${PUBLIC_URL}/login?return_to=%2Fa`]);
    expect(await ask("auth", "/login", HTML)).toMatchObject({ status: 200, body: "the pages" });
    expect(await ask("x.y", "/login", HTML)).toMatchObject({ status: 200, body: "the pages" });
  });

  it("a page of another host opens its own WebSocket, and nobody else's", async () => {
    const { cookie } = await signedIn();
    const open = (origin: string) =>
      openSocket(`ws://127.0.0.1:${port}`, { host: `app.${DOMAIN}`, cookie: cookie(), origin });
    expect(await open(`http://app.${DOMAIN}`)).toBe(101);
    expect(await open(`http://one.apps.${DOMAIN}`)).toBe(403);
    expect(await open("http://evil.example")).toBe(403);
  });

  it("what changes something is taken from PUBLIC_URL's pages alone", async () => {
    const { cookie } = await signedIn();
    const headers = { host: `app.${DOMAIN}`, cookie: cookie(), origin: `http://app.${DOMAIN}` };
    const request = send({ host: "127.0.0.1", port, path: "/api/auth/logout", method: "POST", headers });
    request.end();
    const [response] = await once(request, "response");
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  it("the start tells of hosts that browsers send no session to", () => {
    expect(warnings.filter(({ hosts }) => hosts).map(({ hosts }) => hosts)).toEqual([["elsewhere.example"]]);
  });
});
