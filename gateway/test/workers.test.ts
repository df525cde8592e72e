import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { findFreePort } from "../../scripts/free-port.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { exitOf, type GatewayProcess, processSettings, runGateway, untilAnswering } from "./support/gateway-process.ts";
import { askKept, type KeptAnswer, startKeptClients } from "./support/kept-clients.ts";
import { openSockets } from "./support/open-sockets.ts";
import { type SlowUpstream, startSlowUpstream } from "./support/slow-upstream.ts";
import { createTestDatabase } from "./support/start-gateway.ts";
import { linesOf, workersIn } from "./support/worker-lines.ts";

const RIGHT = (doors: "public" | "deny") => `version: 1
rules:
  - { name: doors, path: { prefix: /doors }, require: ${doors} }
  - { name: rest, path: { prefix: / }, require: public }
`;
const WRONG = "version: 1\nrules:\n  - { name: doors, require: public, path: { prefix: doors } }\n";

let folder: string;
let file: string;
let databaseUrl: string;
let upstream: SlowUpstream;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-workers-"));
  file = join(folder, "gateway.yml");
  [databaseUrl, upstream] = await Promise.all([createTestDatabase(), startSlowUpstream("application")]);
});
afterAll(() => {
  upstream.close();
  rmSync(folder, { recursive: true });
});

const until = (what: string, check: () => unknown) =>
  waitUntil(async () => void (await check()), { what, timeout: 60_000 });

/** How often answers stopped coming; failures one right after another are one time. */
const timesFailed = (own: readonly KeptAnswer[]) =>
  own.filter(({ status }, at) => status !== 200 && (own[at - 1]?.status ?? 200) === 200).length;

describe("a gateway of two workers", () => {
  let gateway: GatewayProcess;
  let origin: string;
  let operators: string;
  beforeAll(async () => {
    writeFileSync(file, RIGHT("public"));
    const { env, ...settings } = await processSettings(databaseUrl, upstream.port);
    const operatorPort = String(await findFreePort());
    operators = `http://127.0.0.1:${operatorPort}`;
    origin = settings.origin;
    gateway = runGateway({
      ...env,
      WORKERS: "2",
      ROUTES_FILE: file,
      OPERATOR_PORT: operatorPort,
      SHUTDOWN_DELAY: "3s",
    });
    await untilServedBy(2);
  });
  afterAll(async () => {
    gateway.child.kill("SIGKILL");
    await exitOf(gateway.child);
  });

  const listening = () => linesOf(gateway).filter(({ msg }) => msg === "the gateway is listening");
  const untilServedBy = (count: number) => until("workers", () => expect(listening()).toHaveLength(count));
  /** Each over a connection of its own. */
  const askEach = (count: number, path: string) =>
    Promise.all(Array.from({ length: count }, () => askKept(new Agent(), origin + path)));
  const metrics = async () => (await fetch(`${operators}/metrics`)).text();

  it("has both answer, and each line of the log say which", async () => {
    await askEach(10, "/which");
    const lines = () => linesOf(gateway).filter(({ path }) => path === "/which");
    await until("ten lines", () => expect(lines()).toHaveLength(10));
    expect(workersIn(lines())).toHaveLength(2);
    expect(new Set(lines().map(({ pid }) => pid)).size).toBe(2);
  });

  it("sums up its metrics, whichever worker is asked", async () => {
    await askEach(20, "/api/auth/session");
    for (let times = 0; times < 4; times += 1) {
      const text = await metrics();
      expect(text).toMatch(
        /^passbridge_http_request_duration_seconds_count\{part="api",method="GET",status="200"\} 20$/m,
      );
      expect(text.match(/^passbridge_mail_outbox_size .*/gm)).toEqual(["passbridge_mail_outbox_size 0"]);
    }
  });

  it("takes web hooks and questions about its health on the operators' port", async () => {
    const answers = Array.from({ length: 4 }, async () => [
      (await fetch(`${operators}/hooks/kratos/sign-in`, { method: "POST" })).status,
      (await fetch(`${operators}/health/ready`)).status,
    ]);
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 4 }, () => [401, 200]));
  });

  it("has every worker read new rules at SIGHUP, and one alone complain of wrong ones", async () => {
    writeFileSync(file, RIGHT("deny"));
    gateway.child.kill("SIGHUP");
    const closed = async () =>
      expect((await askEach(6, "/doors")).map(({ status }) => status)).toEqual(Array(6).fill(403));
    await until("the doors", closed);
    writeFileSync(file, WRONG);
    gateway.child.kill("SIGHUP");
    await until("the gauge", async () => expect(await metrics()).toMatch(/^passbridge_route_reload_last_success 0$/m));
    writeFileSync(file, RIGHT("public"));
    gateway.child.kill("SIGHUP");
    await until("the gauge", async () => expect(await metrics()).toMatch(/^passbridge_route_reload_last_success 1$/m));
    const complaints = () => linesOf(gateway).filter(({ msg }) => /not valid/.test(msg));
    await until("the complaint", () => expect(complaints()).not.toHaveLength(0));
    expect(complaints()).toHaveLength(1);
    expect((await askEach(6, "/doors")).map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  it("opens WebSockets while others connect and ask", async () => {
    for (let round = 0; round < 4; round += 1) {
      const clients = startKeptClients(8, `${origin}/load`);
      for (const socket of await openSockets(origin, 12)) socket.terminate();
      await clients.stop();
      expect(clients.answers.flat().every(({ status }) => status === 200)).toBe(true);
    }
  });

  it("replaces a worker that is killed, while the connections of the other one go on", async () => {
    // First, so that they take turns.
    const sockets = await openSockets(origin, 6);
    const clients = startKeptClients(8, `${origin}/load`);
    await until("load", () => expect(clients.answers.every((own) => own.length > 20)).toBe(true));
    const killed = listening()[0]?.pid ?? 0;
    process.kill(killed, "SIGKILL");
    await untilServedBy(3);
    const before = clients.answers.map((own) => own.length);
    await until("load", () =>
      expect(clients.answers.every((own, at) => own.length > (before[at] ?? 0) + 20)).toBe(true),
    );
    await clients.stop();
    // Once each: until the first process hears of the death, it may pass a new connection to the dead one.
    const failures = clients.answers.map(timesFailed);
    expect(failures.filter((count) => count > 1)).toEqual([]);
    const untouched = clients.answers.filter((own) => new Set(own.map(({ port }) => port)).size === 1);
    expect(untouched).toHaveLength(failures.filter((count) => count === 0).length);
    expect(untouched.length).toBeGreaterThan(0);
    const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(sockets.length);
    for (const socket of sockets) socket.terminate();
    const replaced = () => linesOf(gateway).find(({ msg }) => /is replaced/.test(msg));
    await until("the line", () => expect(replaced()).toBeDefined());
    expect(replaced()).toMatchObject({ pid: killed, signal: "SIGKILL", pause: 0 });
  });

  it("replaces all at SIGUSR2 and stops at SIGTERM, losing no request", async () => {
    const before = listening().length;
    const clients = startKeptClients(8, `${origin}/load`);
    gateway.child.kill("SIGUSR2");
    await until("new workers", () => expect(linesOf(gateway).some(({ msg }) => /every worker/.test(msg))).toBe(true));
    expect(listening()).toHaveLength(before + 2);
    await clients.stop();
    expect(clients.answers.flat().filter(({ status }) => status !== 200)).toEqual([]);

    const last = Array.from({ length: 8 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let answer = await askKept(agent, `${origin}/load`); ; answer = await askKept(agent, `${origin}/load`)) {
        if (answer.closes) return answer.status;
      }
    });
    const slow = fetch(`${origin}/stream`);
    await slow;
    // To the process group, as a terminal or an init system may.
    for (const { pid } of listening().slice(-2)) process.kill(pid ?? 0, "SIGTERM");
    gateway.child.kill("SIGTERM");
    expect(await Promise.all(last)).toEqual(Array(8).fill(200));
    upstream.finish();
    expect(await (await slow).text()).toBe("first last");
    expect(await exitOf(gateway.child)).toBe(0);
  });
});

describe("a gateway of two workers that cannot start", () => {
  const start = async (changes: Readonly<Record<string, string>>) => {
    const { env } = await processSettings(databaseUrl, upstream.port);
    const { child, output } = runGateway({ ...env, WORKERS: "2", ...changes });
    return { code: await exitOf(child), text: output.join("") };
  };

  it("says once what is wrong", async () => {
    writeFileSync(file, WRONG);
    const [settings, rules, port] = await Promise.all([
      start({ PORT: "x" }),
      start({ ROUTES_FILE: file }),
      start({ PORT: String(upstream.port) }),
    ]);
    expect([settings.code, rules.code, port.code]).toEqual([1, 1, 1]);
    expect(settings.text.match(/PORT: /g)).toHaveLength(1);
    expect(rules.text.match(/needs a leading slash/g)).toHaveLength(1);
    expect(port.text.match(/could not start: its port is in use/g)).toHaveLength(1);
  });

  it("gives up when the workers that replace others end at once", async () => {
    writeFileSync(file, RIGHT("public"));
    const { env, origin } = await processSettings(databaseUrl, upstream.port);
    const gateway = runGateway({ ...env, WORKERS: "2", ROUTES_FILE: file });
    await untilAnswering(gateway, origin);
    const workers = () => linesOf(gateway).filter(({ msg }) => msg === "the gateway is listening");
    await until("workers", () => expect(workers()).toHaveLength(2));
    writeFileSync(file, WRONG);
    for (const { pid } of workers()) process.kill(pid ?? 0, "SIGKILL");
    expect(await exitOf(gateway.child)).toBe(1);
    expect(gateway.output.join("")).toContain("the workers end as soon as they start");
  });
});
