import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request as ask } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAGE_PATHS, WELL_KNOWN } from "../src/http/own-paths.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { type ByteUpstream, startByteUpstream } from "./support/byte-upstream.ts";
import { OPERATIONS } from "./support/contract.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: ByteUpstream;
let pages: string;
let gateway: RunningGateway;
let stranger: TestBrowser;
let member: TestBrowser;
beforeAll(async () => {
  upstream = await startByteUpstream();
  pages = await mkdtemp(join(tmpdir(), "passbridge-pages-"));
  await writeFile(join(pages, "index.html"), "<!doctype html>");
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: upstream.url, PAGES_DIR: pages },
  });
  stranger = createBrowser(gateway.origin);
  member = createBrowser(gateway.origin);
  await signUp(member, createPerson());
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await rm(pages, { recursive: true });
});

const PAGE_LOAD = { accept: "text/html", "sec-fetch-mode": "navigate" };
/** The same for everybody: may be kept by anybody, for a while. */
const PUBLIC = [...WELL_KNOWN.filter((path) => !path.endsWith("change-password")), "/.passbridge/error.css"];

const cacheControl = async (answer: Promise<Response>) => (await answer).headers.get("cache-control");

test("what the application says nothing about is kept by nobody else", async () => {
  const answer = await member.fetch("/anything");
  expect([answer.status, answer.headers.get("vary")]).toEqual([200, "Cookie"]);
});

describe("kept by nobody", () => {
  test.each(OPERATIONS.filter(({ path }) => path.startsWith("/api/")))("$method $path", async ({ method, path }) => {
    const at = path.replaceAll(/\{[^}]+\}/g, Buffer.alloc(32).toString("base64url"));
    const request = method === "GET" ? { method } : { method, json: {} };
    expect(await cacheControl(stranger.fetch(at, request))).toBe("no-store");
    // A page load is answered with a redirect by some, which is no part of the contract that the browser checks.
    const page = await ask(new URL(at, gateway.origin), { method, headers: PAGE_LOAD });
    expect(page.headers["cache-control"]).toBe("no-store");
    page.body.on("error", () => undefined).destroy();
  });

  test.each([
    ["/api/auth/nothing", {}],
    ["/health/alive", {}],
    ["/health/ready", {}],
    ["/.well-known/change-password", {}],
    ["/deep/link?a=b", PAGE_LOAD],
    ["/deep/link?a=b", {}],
    ["/.ory/kratos/admin/identities", PAGE_LOAD],
    ["/.ory/kratos/admin/identities", {}],
  ])("%s as a stranger, asked with %j", async (path, headers) => {
    expect(await cacheControl(stranger.fetch(path, { headers }))).toBe("no-store");
  });

  test("refusals and errors of what is proxied", async () => {
    await upstream.stop();
    for (const headers of [PAGE_LOAD, {}]) expect(await cacheControl(member.fetch("/", { headers }))).toBe("no-store");
    upstream = await startByteUpstream();
  });
});

test.each(PAGE_PATHS)("the page %s is asked for again each time", async (path) => {
  expect(await cacheControl(stranger.fetch(path, { headers: PAGE_LOAD }))).toMatch(/^(public, max-age=0|no-cache)/);
});

test.each(PUBLIC)("%s is everybody's", async (path) => {
  const answer = await stranger.fetch(path);
  expect(answer.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
  expect(answer.headers.getSetCookie()).toEqual([]);
});
