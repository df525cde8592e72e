import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../src/client.ts";
import { startServer, type TestServer } from "./support/http-server.ts";
import { authenticatedSession } from "./support/sessions.ts";
import { until } from "./support/settled.ts";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));
const INTERVAL = 300;

const PAGE = "<!doctype html><title>tab</title><script type=module src=/tab.js></script>";
const SCRIPT = `
  import { createClient } from "/client.ts";
  import { watchSession } from "/session/session-watcher.ts";
  const watcher = watchSession(createClient(), { interval: ${INTERVAL} });
  const show = () => {
    const { status, stale, session } = watcher.state();
    document.title = [status, stale ? "stale" : "fresh", session?.identity.email ?? ""].join(" ").trim();
  };
  watcher.subscribe(show);
  window.refreshSession = watcher.refresh;
`;

let browser: Browser;
let server: TestServer;
let context: BrowserContext;
let session: Session;
let failing = false;
let answers = 0;
let open = 0;
let mostAtOnce = 0;

function answerSession(request: IncomingMessage, response: ServerResponse): void {
  if (failing) {
    response.writeHead(503, { "Retry-After": "1" }).end(JSON.stringify({ code: "dependency_unavailable" }));
    return;
  }
  const body = JSON.stringify(session);
  const etag = `"${Buffer.from(body).toString("base64url").slice(-40)}"`;
  const unchanged = request.headers["if-none-match"] === etag;
  response.writeHead(unchanged ? 304 : 200, { ETag: etag, "Cache-Control": "no-store" });
  response.end(unchanged ? undefined : body);
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const js = (code: string) => response.writeHead(200, { "Content-Type": "text/javascript" }).end(code);
  if (pathname === "/api/auth/session") {
    answers += 1;
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    response.on("close", () => {
      open -= 1;
    });
    answerSession(request, response);
  } else if (pathname === "/tab.js") js(SCRIPT);
  else if (pathname.endsWith(".ts")) js(stripTypeScriptTypes(readFileSync(SOURCE + pathname, "utf8")));
  else response.writeHead(200, { "Content-Type": "text/html" }).end(PAGE);
}

beforeAll(async () => {
  const executablePath = "/usr/bin/chromium";
  [server, browser] = await Promise.all([
    startServer(serve),
    chromium.launch({ executablePath, args: ["--no-sandbox"] }),
  ]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  session = authenticatedSession();
  failing = false;
  answers = 0;
  mostAtOnce = 0;
  context = await browser.newContext();
});
afterEach(() => context.close());

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.origin);
  await showing(page, "authenticated fresh ada@example.com");
  return page;
}

async function showing(page: Page, title: string): Promise<void> {
  await page.waitForFunction((expected) => document.title === expected, title, { timeout: 10_000 });
}

const furtherAnswers = (count: number) => {
  const goal = answers + count;
  return until(`${count} further polls`, () => answers >= goal);
};

describe("tabs of one browser, in Chromium", { timeout: 60_000 }, () => {
  it("make one poll for both", async () => {
    const tabs = [await openTab(), await openTab()];
    const started = performance.now();
    await furtherAnswers(5);
    // Two tabs that poll each for themselves would have needed half the time.
    expect(performance.now() - started).toBeGreaterThan(3 * INTERVAL);
    expect(mostAtOnce).toBe(1);
    session = { authenticated: false };
    await Promise.all(tabs.map((tab) => showing(tab, "anonymous fresh")));
  });

  it("go on when the one that polls is closed", async () => {
    const [first, second] = [await openTab(), await openTab()];
    await first.close();
    session = authenticatedSession("grace@example.com");
    await showing(second, "authenticated fresh grace@example.com");
  });

  it("keep the state over an outage and say it is stale", async () => {
    const tabs = [await openTab(), await openTab()];
    failing = true;
    await Promise.all(tabs.map((tab) => showing(tab, "authenticated stale ada@example.com")));
    failing = false;
    await Promise.all(tabs.map((tab) => showing(tab, "authenticated fresh ada@example.com")));
  });
});
