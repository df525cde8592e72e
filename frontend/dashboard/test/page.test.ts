import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, openPage, picture } from "../../test/support/browser.ts";
import { type Dashboard, startDashboard } from "../server/dashboard.ts";
import { loadStaticFiles, type StaticFiles } from "../server/static-files.ts";
import { PERSON } from "./support/signer.ts";
import { type StubGateway, signedIn, startStubGateway } from "./support/stub-gateway.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

let folder: string;
let files: StaticFiles;
let browser: Browser;
let gateway: StubGateway;
let dashboard: Dashboard;
let page: Page;
let faults: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dashboard-page-"));
  await build({
    configFile: path("../vite.config.ts"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
  files = await loadStaticFiles(folder);
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  gateway = await startStubGateway();
  const publicUrl = new URL(gateway.origin);
  const config = { host: "127.0.0.1", port: 0, publicUrl, gatewayUrl: publicUrl, audience: publicUrl.origin };
  dashboard = await startDashboard(config, files);
  gateway.upstream = new URL(dashboard.origin);
  const context = await browser.newContext({ viewport: { width: 1280, height: 780 }, reducedMotion: "reduce" });
  ({ page, faults } = await openPage(context));
});
afterEach(async () => {
  await page.context().close();
  await dashboard.close();
  await gateway.close();
  expect(faults).toEqual([]);
});

const look = (name: string) => picture(page, `dashboard-${name}`);
const heading = (name: string) => page.getByRole("heading", { name });

describe("the sample application, in Chromium", { timeout: 60_000 }, () => {
  it("shows who is here, how they signed in, and what proves it", async () => {
    await page.goto(gateway.origin);
    await heading("Who you are").waitFor();
    await page.getByText("Hello, Ada Lövelace").waitFor();
    await page.getByText("a password, a passkey").waitFor();
    await page.getByText("two factors (aal2)").waitFor();
    await page.getByText("✓ Verified").waitFor();
    const headers = page.getByRole("table", { name: "What the gateway sent" });
    expect(await headers.getByRole("row", { name: "Remote-User" }).textContent()).toContain(PERSON);
    await page.getByText("Connected as ada@example.com").waitFor();
    await look("gateway");
  });

  it("talks over the WebSocket, by keyboard", async () => {
    await page.goto(gateway.origin);
    await page.getByText("Connected as ada@example.com").waitFor();
    await page.getByLabel("Message").fill("Ahoi ⚓");
    await page.keyboard.press("Enter");
    const log = page.getByRole("log");
    await log.getByText("Server Ahoi ⚓").waitFor();
    expect(await log.textContent()).toContain("You Ahoi ⚓");
    expect(await page.getByLabel("Message").inputValue()).toBe("");
  });

  it("is green for nothing but a verified token", async () => {
    const { headers } = gateway;
    gateway.headers = async () => ({ ...(await headers()), "X-Identity-Token": "junk" });
    await page.goto(gateway.origin);
    await heading("Somebody claims to be somebody").waitFor();
    await page.getByText("✗ Not verified").waitFor();
    await page.getByText("Connected as somebody it can't verify").waitFor();
    expect(await page.locator(".seal--good").count()).toBe(0);
    await look("doubtful");
  });

  it("says so when it is opened without the gateway", async () => {
    await page.goto(dashboard.origin);
    await heading("You came straight here").waitFor();
    const way = page.getByRole("link", { name: "Open it through the gateway" });
    expect(await way.getAttribute("href")).toBe(gateway.origin);
    expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(0);
    await look("direct");
  });

  it("signs out through the gateway and goes to sign-in", async () => {
    await page.goto(gateway.origin);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${gateway.origin}/login`);
    expect(gateway.session).toEqual({ authenticated: false });
  });

  it("says when it can't sign out, and when the session can't be checked, without signing anybody out", async () => {
    await page.goto(gateway.origin);
    await page.getByRole("banner").getByText("ada@example.com").waitFor();
    gateway.failing = true;
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You could not be signed out just now").waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.getByText("You are still signed in; it keeps trying").waitFor();
    await look("outage");
    gateway.failing = false;
    gateway.session = signedIn();
    await page.getByText("You are still signed in; it keeps trying").waitFor({ state: "detached" });
  });

  it("learns of a sign-out in another tab", async () => {
    await page.goto(gateway.origin);
    await page.getByRole("banner").getByText("ada@example.com").waitFor();
    const other = await page.context().newPage();
    await other.goto(gateway.origin);
    await other.getByRole("button", { name: "Sign out" }).click();
    await heading("You are signed out").waitFor();
    await heading("Who you are").waitFor({ state: "detached" });
    await look("signed-out");
    expect(await page.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/login?return_to=%2F");
  });

  it("has pages with rules of their own, and shows what came along there", async () => {
    await page.goto(gateway.origin);
    await page.getByRole("link", { name: "Payments" }).click();
    await page.waitForURL(`${gateway.origin}/payments`);
    await page.getByText("Needs two factors, and a sign-in within the last 15 minutes.").waitFor();
    await page.goto(`${gateway.origin}/payments/42?from=mail&x=%2F`);
    await page.getByText("/payments/42?from=mail&x=%2F").waitFor();
    await heading("What the gateway sent").waitFor();
    await look("payments");
  });

  it("is open to anyone where its rule says so", async () => {
    gateway.headers = async () => ({});
    gateway.session = { authenticated: false };
    await page.goto(`${gateway.origin}/public/notes?a=1`);
    await heading("Nobody is signed in").waitFor();
    await page.getByText("No identity header arrived.").waitFor();
    const way = page.getByRole("link", { name: "Sign in" });
    expect(await way.getAttribute("href")).toBe("/login?return_to=%2Fpublic%2Fnotes%3Fa%3D1");
    await look("public");
  });

  it("leads to what is missing where its calls are let in no more", async () => {
    const login_url = `${gateway.origin}/login?reauthenticate=1`;
    const body = JSON.stringify({ code: "reauthentication_required", login_url });
    await page.route("**/payments/identity", (route) => route.fulfill({ status: 403, body }));
    await page.goto(`${gateway.origin}/payments/42?x=%2F`);
    await heading("This page needs something of you first").waitFor();
    const href = await page.getByRole("link", { name: "Go on" }).getAttribute("href");
    expect(href).toBe(`${login_url}&return_to=%2Fpayments%2F42%3Fx%3D%252F`);
    await look("needed");
  });

  it("says when its own server is gone, and comes back", async () => {
    await page.goto(gateway.origin);
    await page.route("**/sample/identity", (route) => route.abort());
    await page.reload();
    await page.getByText("This application's own server did not answer.").waitFor();
    await page.unroute("**/sample/identity");
    await page.getByRole("button", { name: "Try again" }).click();
    await heading("Who you are").waitFor();
  });
});
