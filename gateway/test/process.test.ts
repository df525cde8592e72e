import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { Agent, createServer, type Server } from "node:http";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../scripts/wait-until.ts";
import { cookieHeader, createBrowser } from "./support/browser.ts";
import { exitOf, processSettings, runGateway, untilAnswering } from "./support/gateway-process.ts";
import { askKept, type KeptAnswer } from "./support/kept-clients.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

let upstream: Server;
let upstreamPort: number;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  upstream = createServer((incoming, response) => {
    const slow = incoming.url?.startsWith("/slow") ? 1_500 : 5;
    setTimeout(() => response.end("done"), slow);
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const address = upstream.address();
  upstreamPort = typeof address === "object" ? (address?.port ?? 0) : 0;
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

const settings = () => processSettings(databaseUrl, upstreamPort);

describe("the gateway as a process", () => {
  it("names every fault of its settings and exits", async () => {
    const { child, output } = runGateway({ PORT: "x", SESSION_SECRETS: "changeme" });
    expect(await exitOf(child)).toBe(1);
    const text = output.join("");
    for (const name of ["PORT", "DATABASE_URL", "REDIS_URL"]) expect(text).toContain(name);
    expect(text).not.toContain("changeme");
  });

  it("says in one line that its port is taken and exits", async () => {
    const { env } = await settings();
    const { child, output } = runGateway({ ...env, PORT: String(upstreamPort) });
    expect(await exitOf(child)).toBe(1);
    expect(output.join("")).toContain("EADDRINUSE");
  });

  it("refuses headers over 16 KiB with 431", async () => {
    const { origin, env } = await settings();
    const gateway = runGateway(env);
    const { child } = gateway;
    try {
      await untilAnswering(gateway, origin);
      const sizes = [8_000, 17_000];
      const statuses = sizes.map(async (size) => {
        const { status } = await fetch(`${origin}/api/auth/session`, { headers: { "x-large": "a".repeat(size) } });
        return status;
      });
      expect(await Promise.all(statuses)).toEqual([200, 431]);
    } finally {
      child.kill("SIGTERM");
      await exitOf(child);
    }
  });

  it("keeps for the next start what V8 made of it, and starts as well where it cannot", async () => {
    const folder = mkdtempSync(join(tmpdir(), "passbridge-compiled-"));
    // Below a file no folder can be made, not even by root.
    const starts = [folder, join(devNull, "compiled")].map(async (NODE_COMPILE_CACHE) => {
      const { origin, env } = await settings();
      const gateway = runGateway({ ...env, NODE_COMPILE_CACHE });
      try {
        await untilAnswering(gateway, origin);
      } finally {
        gateway.child.kill("SIGKILL");
        await exitOf(gateway.child);
      }
    });
    try {
      await Promise.all(starts);
      expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(100);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("loses no request on SIGTERM", async () => {
    const { origin, env } = await settings();
    const gateway = runGateway(env);
    const { child, output } = gateway;
    const exit = exitOf(child);
    try {
      await untilAnswering(gateway, origin, "/health/ready");
      const browser = createBrowser(origin);
      await signUp(browser, createPerson());
      const headers = { cookie: cookieHeader(browser) };
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const answers: KeptAnswer[] = [];
      // Like a load balancer: goes on over its open connections until the gateway asks for another one.
      const clients = Array.from({ length: 8 }, async () => {
        while (!answers.at(-1)?.closes) answers.push(await askKept(agent, `${origin}/`, headers));
      });
      const slow = askKept(new Agent({ keepAlive: true }), `${origin}/slow`, headers);
      await waitUntil(async () => expect(answers.length).toBeGreaterThan(50), { what: "load", timeout: 30_000 });
      child.kill("SIGTERM");
      await Promise.all(clients);
      expect(await slow).toMatchObject({ status: 200 });
      expect(await exit).toBe(0);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(answers.at(-1)?.closes).toBe(true);
    } finally {
      child.kill("SIGKILL");
    }
    const log = output.join("");
    expect(log).toContain('"msg":"stopping"');
    expect(log).not.toMatch(/ory_kratos_session=|passbridge_session=/);
  });
});
