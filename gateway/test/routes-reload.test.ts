import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { findFreePort } from "../../scripts/free-port.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { exitOf, type GatewayProcess, processSettings, runGateway, untilAnswering } from "./support/gateway-process.ts";
import { type SlowUpstream, startSlowUpstream } from "./support/slow-upstream.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

let folder: string;
let file: string;
let databaseUrl: string;
let first: SlowUpstream;
let second: SlowUpstream;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-routes-"));
  file = join(folder, "gateway.yml");
  [databaseUrl, first, second] = await Promise.all([
    createTestDatabase(),
    startSlowUpstream("first"),
    startSlowUpstream("second"),
  ]);
});
afterAll(() => {
  first.close();
  second.close();
  rmSync(folder, { recursive: true });
});

const rules = (doors: "public" | "deny", upstream: SlowUpstream) => `version: 1
upstreams:
  app: { url: "http://127.0.0.1:${upstream.port}" }
rules:
  - name: doors
    path: { prefix: /doors }
    require: ${doors}
    upstream: app
  - name: rest
    path: { prefix: / }
    require: public
    upstream: app
`;

/** Two faults, in lines 5 and 6. */
const WRONG =
  "version: 1\nrules:\n  - name: doors\n    require: public\n    path: { prefix: doors }\n    colour: red\n";

/** One request over a connection that is kept. */
function ask(agent: Agent, url: string): Promise<{ status: number; body: string; port: number; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const sent = get(url, { agent }, async (response: IncomingMessage) => {
      const port = response.socket.localPort ?? 0;
      resolve({ status: response.statusCode ?? 0, body: await text(response), port, reused: sent.reusedSocket });
    });
    sent.once("error", reject);
  });
}

const statusOf = async (url: string) => (await fetch(url)).status;

describe("the route rules of a running gateway", () => {
  let gateway: GatewayProcess;
  let origin: string;
  let operators: string;
  beforeEach(async () => {
    writeFileSync(file, rules("public", first));
    const { env, ...settings } = await processSettings(databaseUrl, first.port);
    const operatorPort = String(await findFreePort());
    origin = settings.origin;
    operators = `http://127.0.0.1:${operatorPort}`;
    gateway = runGateway({ ...env, ROUTES_FILE: file, OPERATOR_PORT: operatorPort });
    await untilAnswering(gateway, origin);
  });
  afterEach(async () => {
    gateway.child.kill("SIGTERM");
    await exitOf(gateway.child);
  });

  const reload = (content: string) => {
    writeFileSync(file, content);
    gateway.child.kill("SIGHUP");
  };
  const until = (what: string, check: () => Promise<unknown> | unknown) =>
    waitUntil(async () => void (await check()), { what, timeout: 20_000 });
  const untilClosed = () => until("the doors", async () => expect(await statusOf(`${origin}/doors`)).toBe(403));

  it("are exchanged on SIGHUP without a connection being dropped", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await ask(agent, `${origin}/doors`);
    expect(before).toMatchObject({ status: 200, body: "first" });
    const socket = new WebSocket(origin.replace("http", "ws"));
    await once(socket, "open");
    const stream = await fetch(`${origin}/stream`);

    reload(rules("deny", second));
    await untilClosed();

    expect(await ask(agent, `${origin}/doors`)).toMatchObject({ status: 403, port: before.port, reused: true });
    expect(await ask(agent, `${origin}/`)).toMatchObject({ body: "second", port: before.port, reused: true });
    socket.send("still there?");
    expect(String((await once(socket, "message"))[0])).toBe("first: still there?");
    first.finish();
    expect(await stream.text()).toBe("first last");

    socket.close();
    await once(socket, "close");
    await until("no connection to the application that no rule names", async () =>
      expect(await first.connections()).toBe(0),
    );
    agent.destroy();
  });

  it("stay when the new ones are wrong, and the log says where", async () => {
    reload(rules("deny", first));
    await untilClosed();
    reload(WRONG);
    await until("a line about the faults", () => expect(gateway.output.join("")).toContain("are not valid"));
    const log = gateway.output.join("");
    expect(log).toContain(`${file}:5:13: rule \\"doors\\": path.prefix: doors: needs a leading slash`);
    expect(log).toContain(`${file}:6:5: rule \\"doors\\": colour is not known`);
    expect(await statusOf(`${origin}/doors`)).toBe(403);
    const metrics = await (await fetch(`${operators}/metrics`)).text();
    expect(metrics).toContain("passbridge_route_reload_last_success 0");
    expect(metrics).toContain('passbridge_route_reloads_total{result="refused"} 1');

    rmSync(file);
    gateway.child.kill("SIGHUP");
    await until("a line about the missing file", () => expect(gateway.output.join("")).toContain("cannot be read"));
    expect(await statusOf(`${origin}/doors`)).toBe(403);

    reload(rules("public", first));
    await until("the doors", async () => expect(await statusOf(`${origin}/doors`)).toBe(200));
    expect(await (await fetch(`${operators}/metrics`)).text()).toContain("passbridge_route_reload_last_success 1");
  });
});

describe("a gateway at its start", () => {
  it("tells every fault of its rules with its place, and does not start", async () => {
    writeFileSync(file, WRONG);
    const { env } = await processSettings(databaseUrl, first.port);
    const { child, output } = runGateway({ ...env, ROUTES_FILE: file });
    expect(await exitOf(child)).toBe(1);
    const faults = output.join("").trim().split("\n");
    expect(faults).toEqual([
      "The settings are not valid:",
      `  - ${file}:5:13: rule "doors": path.prefix: doors: needs a leading slash`,
      expect.stringContaining(`  - ${file}:6:5: rule "doors": colour is not known`),
    ]);
  });

  it("without a file of rules takes SIGHUP for nothing to do", async () => {
    const { env, origin } = await processSettings(databaseUrl, first.port);
    const gateway = runGateway(env);
    try {
      await untilAnswering(gateway, origin);
      gateway.child.kill("SIGHUP");
      await waitUntil(async () => expect(gateway.output.join("")).toContain("there is no ROUTES_FILE"), {
        what: "a line in the log",
        timeout: 20_000,
      });
      expect(await statusOf(`${origin}/`)).toBe(401);
    } finally {
      gateway.child.kill("SIGTERM");
      await exitOf(gateway.child);
    }
  });
});
