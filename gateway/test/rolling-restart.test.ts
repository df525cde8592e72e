import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { findFreePort } from "../../scripts/free-port.ts";
import { planReplicas } from "../../scripts/parts/deployed-nginx.ts";
import { createPart, type Part } from "../../scripts/parts/part.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { cookieHeader, createBrowser, type TestBrowser } from "./support/browser.ts";
import { isSignedIn, openEventSource } from "./support/event-source.ts";
import { exitOf, type GatewayProcess, processSettings, runGateway, untilAnswering } from "./support/gateway-process.ts";
import { createPerson, signIn, signUp } from "./support/people.ts";
import { type SlowUpstream, startSlowUpstream } from "./support/slow-upstream.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

let upstream: SlowUpstream;
let origin: string;
let front: Part;
let folder: string;
let start: (index: number) => Promise<GatewayProcess>;
const gateways: GatewayProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-rolling-"));
  await chmod(folder, 0o711);
  upstream = await startSlowUpstream("application");
  const { port, env } = await processSettings(await createTestDatabase(inject("stack").databaseUrl), upstream.port);
  const ports = [await findFreePort(), await findFreePort()];
  origin = `http://localhost:${port}`;
  start = async (index) => {
    const own = { PORT: String(ports[index]), TRUSTED_PROXIES: "127.0.0.1", SHUTDOWN_DELAY: "3s" };
    const gateway = runGateway({ ...env, ...own });
    gateways[index] = gateway;
    await untilAnswering(gateway, `http://localhost:${ports[index]}`, "/health/ready");
    return gateway;
  };
  await Promise.all(ports.map((_port, index) => start(index)));
  const servers = ports.map((number) => `127.0.0.1:${number}`);
  front = createPart(await planReplicas(servers, { folder: join(folder, "nginx"), port }), join(folder, "nginx.log"));
  await front.start();
});
afterAll(async () => {
  await front.stop();
  for (const { child } of gateways) child.kill("SIGKILL");
  await Promise.all(gateways.map(({ child }) => exitOf(child)));
  upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Repeats a piece of work until told to stop; how often it went well, and every way it did not. */
function repeat(work: () => Promise<unknown>) {
  const done = { count: 0, faults: [] as string[] };
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      await work().then(
        () => {
          done.count += 1;
        },
        (error: unknown) => done.faults.push(String(error)),
      );
    }
  };
  const running = run();
  return {
    done,
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

/** A request through the front; anything but the status is a fault. */
async function expectStatus(browser: TestBrowser, path: string, wanted: number, method: "GET" | "POST" = "GET") {
  const headers = { cookie: cookieHeader(browser), origin, "content-type": "text/plain" };
  const body = method === "POST" ? "written" : null;
  const answer = await request(origin + path, { method, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== wanted) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 200)}`);
}

/** The body of an answer of which the first half is there already. */
async function startDownload(browser: TestBrowser) {
  const { body } = await request(`${origin}/stream`, { headers: { cookie: cookieHeader(browser) } });
  return body;
}

/** A WebSocket that is opened anew whenever it is closed, as a page does. */
function keepTalking(browser: TestBrowser) {
  const seen = { opened: 0, faults: [] as string[] };
  let stopped = false;
  let current: WebSocket | undefined;
  const run = async () => {
    while (!stopped) {
      const socket = new WebSocket(origin.replace("http", "ws"), {
        headers: { cookie: cookieHeader(browser), origin },
      });
      current = socket;
      socket.once("error", (error) => seen.faults.push(String(error)));
      socket.once("open", () => {
        seen.opened += 1;
      });
      await once(socket, "close").catch(() => undefined);
    }
  };
  const running = run();
  return {
    seen,
    stop: () => {
      stopped = true;
      current?.close();
      return running;
    },
  };
}

it("fails no request while two gateways behind nginx are restarted one after the other", async () => {
  const person = createPerson();
  const ann = createBrowser(origin);
  await signUp(ann, person);
  const events = openEventSource(ann);
  await events.told(isSignedIn);
  const socket = keepTalking(ann);

  const work = {
    pages: repeat(() => expectStatus(ann, "/page", 200)),
    logins: repeat(() => expectStatus(createBrowser(origin), "/login", 200)),
    sessions: repeat(() => expectStatus(ann, "/api/auth/session", 200)),
    posts: repeat(() => expectStatus(ann, "/form", 200, "POST")),
    morePosts: repeat(() => expectStatus(ann, "/form", 200, "POST")),
    signIns: repeat(() => signIn(createBrowser(origin), person)),
  };
  const all = Object.values(work);
  const untilMore = (least: number) => {
    const before = all.map(({ done }) => done.count);
    return waitUntil(
      async () => expect(all.every(({ done }, at) => done.count >= (before[at] ?? 0) + least)).toBe(true),
      { what: "load", timeout: 60_000 },
    );
  };
  await untilMore(3);
  for (const [index, { child }] of [...gateways].entries()) {
    const downloads = await Promise.all(Array.from({ length: 4 }, () => startDownload(ann)));
    child.kill("SIGTERM");
    await untilMore(3);
    upstream.finish();
    expect(await Promise.all(downloads.map((download) => download.text()))).toEqual(Array(4).fill("first last"));
    expect(await exitOf(child)).toBe(0);
    await start(index);
    await untilMore(3);
  }
  await Promise.all(all.map(({ stop }) => stop()));
  await socket.stop();

  const faults = Object.entries(work).map(([name, { done }]) => [name, done.faults]);
  expect(Object.fromEntries(faults)).toEqual(Object.fromEntries(Object.keys(work).map((name) => [name, []])));
  expect(upstream.posts()).toBe(work.posts.done.count + work.morePosts.done.count);
  expect(socket.seen.faults).toEqual([]);
  expect(socket.seen.opened).toBeGreaterThanOrEqual(2);
  await waitUntil(async () => expect(events.statuses.length).toBeGreaterThanOrEqual(2), {
    what: "the stream",
    timeout: 20_000,
  });
  expect(events.statuses.filter((status) => status !== 200)).toEqual([]);
  events.close();
});
