import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { findFreePort } from "../../scripts/free-port.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser } from "./support/browser.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");

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

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => output.push(String(chunk)));
  return { child, output };
}

async function settings() {
  const { redisUrl, kratosPublicUrl, kratosAdminUrl, smtpUrl } = inject("stack");
  const port = await findFreePort();
  return {
    port,
    env: {
      PORT: String(port),
      OPERATOR_PORT: "0",
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      KRATOS_PUBLIC_URL: kratosPublicUrl,
      KRATOS_ADMIN_URL: kratosAdminUrl,
      SMTP_URL: smtpUrl,
      UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}`,
      SESSION_SECRETS: randomBytes(32).toString("base64url"),
      KRATOS_HOOK_SECRET: randomBytes(32).toString("base64url"),
    },
  };
}

const exitOf = async (child: ChildProcess) => child.exitCode ?? ((await once(child, "exit"))[0] as number | null);

type Answer = { readonly status: number | string; readonly closes: boolean };

/** One request over a connection that is kept alive: the status, or the error's code. */
function ask(agent: Agent, origin: string, path: string, cookie: string): Promise<Answer> {
  return new Promise((resolve) => {
    const sent = request(new URL(path, origin), { agent, headers: { cookie } }, (response) => {
      const closes = response.headers.connection === "close";
      response.resume().once("end", () => resolve({ status: response.statusCode ?? 0, closes }));
    });
    sent.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ status: error.code ?? error.message, closes: true }),
    );
    sent.end();
  });
}

describe("the gateway as a process", () => {
  it("names every fault of its settings and exits", async () => {
    const { child, output } = run({ PORT: "x", SESSION_SECRETS: "changeme" });
    expect(await exitOf(child)).toBe(1);
    const text = output.join("");
    for (const name of ["PORT", "DATABASE_URL", "REDIS_URL"]) expect(text).toContain(name);
    expect(text).not.toContain("changeme");
  });

  it("says in one line that its port is taken and exits", async () => {
    const { env } = await settings();
    const { child, output } = run({ ...env, PORT: String(upstreamPort) });
    expect(await exitOf(child)).toBe(1);
    expect(output.join("")).toContain("EADDRINUSE");
  });

  it("refuses headers over 16 KiB with 431", async () => {
    const { port, env } = await settings();
    const { child, output } = run(env);
    try {
      const origin = `http://localhost:${port}`;
      await waitUntil(async () => expect((await fetch(`${origin}/health/alive`)).status).toBe(200), {
        what: `the gateway: ${output.join("")}`,
        timeout: 30_000,
      });
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

  it("loses no request on SIGTERM", async () => {
    const { port, env } = await settings();
    const origin = `http://localhost:${port}`;
    const { child, output } = run(env);
    const exit = exitOf(child);
    try {
      await waitUntil(async () => expect((await fetch(`${origin}/health/ready`)).status).toBe(200), {
        what: `the gateway: ${output.join("")}`,
        timeout: 30_000,
      });
      const browser = createBrowser(origin);
      await signUp(browser, createPerson());
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const answers: Answer[] = [];
      // Like a load balancer: goes on over its open connections until the gateway asks for another one.
      const clients = Array.from({ length: 8 }, async () => {
        while (!answers.at(-1)?.closes) answers.push(await ask(agent, origin, "/", cookie));
      });
      const slow = ask(new Agent({ keepAlive: true }), origin, "/slow", cookie);
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
