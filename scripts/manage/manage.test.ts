import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { findFreePort, isPortFree } from "../free-port.ts";
import { isAlive } from "../parts/process-tree.ts";
import { runCommand } from "../run-command.ts";
import { SERVICE_NAMES, SERVICES } from "../services.ts";
import type { ServiceState } from "./native-state.ts";

type Report = { mode: string; healthy: boolean; services: ServiceState[] };

let folder: string;
let environment: Record<string, string>;

/** Calls ./manage.sh as a person would, for an installation of its own: other ports, other data, other settings file. */
async function manage(words: string, more: Record<string, string> = {}) {
  const env = { ...process.env, ...environment, ...more };
  return runCommand(join(CHECKOUT, "manage.sh"), words.split(" "), { env });
}

async function services(): Promise<ServiceState[]> {
  const { stdout } = await manage("status --json");
  return (JSON.parse(stdout) as Report).services;
}

const ports = () => SERVICES.flatMap((service) => service.ports).map((name) => Number(environment[name]));
const freePorts = async () => (await Promise.all(ports().map((port) => isPortFree(port)))).filter(Boolean).length;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge manage-"));
  // Started by root, PostgreSQL runs under another account, which has to pass here.
  chmodSync(folder, 0o711);
  environment = { PASSBRIDGE_DATA_DIR: join(folder, "data"), PASSBRIDGE_ENV_FILE: join(folder, ".env") };
  for (const name of SERVICES.flatMap((service) => service.ports)) environment[name] = String(await findFreePort());
});

afterAll(async () => {
  await manage("stop");
  rmSync(folder, { recursive: true, force: true });
});

describe("./manage.sh", () => {
  it("says that nothing runs, with an exit code that says so too", async () => {
    const { code, stdout } = await manage("status");
    expect(code).toBe(1);
    expect(stdout).toContain("Nothing runs. Start it: ./manage.sh start");
  });

  it("stops everything again when a service does not start", async () => {
    const { code, stdout, stderr } = await manage("start --native", { KRATOS_SECRETS_CIPHER: "too-short" });
    expect(code).toBe(1);
    expect(stdout).toContain("✓ Stopping postgres");
    expect(stderr).toMatch(/^kratos did not start: .*\n(.*\n)*→ Read .*kratos\.log, then start again\.$/m);
    expect(await freePorts()).toBe(ports().length);
  });

  it("refuses settings the gateway would refuse before it starts anything", async () => {
    const { code, stdout, stderr } = await manage("start --native", { PASSKEY_RP_ID: "other.example" });
    expect(code).toBe(1);
    expect(stderr).toContain("PASSKEY_RP_ID");
    expect(stdout).not.toContain("Starting");
  });

  it("starts everything, and shows it in one table", async () => {
    const { code, stdout, stderr } = await manage("start --native");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    for (const name of SERVICE_NAMES) expect(stdout).toMatch(new RegExp(`^${name} +running +\\d+ `, "m"));
    expect(stdout).toContain(`http://localhost:${environment.PORT}/register`);
  });

  it("runs a built gateway that finds its data", async () => {
    const icon = "bada5566-a7aa-401f-bd96-45619a55120d-light.svg";
    const answer = await fetch(`http://localhost:${environment.PORT}/passbridge/providers/${icon}`);
    expect(await answer.text()).toMatch(/^<svg[\s>]/);
  });

  it("changes nothing when it is started again", async () => {
    const before = await services();
    const { code, stdout } = await manage("start");
    expect(code).toBe(0);
    expect(stdout).toContain("Everything runs already; nothing was changed.");
    expect(await services()).toEqual(before);
  });

  it("puts the service's name before each line of the logs", async () => {
    const all = (await manage("logs")).stdout.trim().split("\n");
    const names = new Set(all.map((line) => line.split("|")[0]?.trim()));
    expect([...names].sort()).toEqual([...SERVICE_NAMES].sort());
    const one = (await manage("logs redis")).stdout.trim().split("\n");
    expect(one.every((line) => line.startsWith("redis    | "))).toBe(true);
  });

  it("says what is down after a crash, and what to do", async () => {
    const kratos = (await services()).find((service) => service.name === "kratos");
    if (!kratos?.pid) throw new Error("kratos does not run");
    process.kill(kratos.pid, "SIGKILL");
    const { code, stdout } = await manage("status");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kratos is down\. Start it: \.\/manage\.sh start/m);
    expect(stdout).toMatch(/^gateway is not well: .*"kratos":"down"/m);
  });

  it("starts only what is missing", async () => {
    const before = await services();
    expect((await manage("start")).code).toBe(0);
    const after = await services();
    const changed = after.filter((service, index) => service.pid !== before[index]?.pid).map((service) => service.name);
    expect(changed).toEqual(["kratos"]);
    expect((await manage("status")).code).toBe(0);
  });

  it("restarts one service and leaves the others alone", async () => {
    const before = await services();
    expect((await manage("restart gateway")).stdout).toContain("Restarted: gateway");
    const after = await services();
    const changed = after.filter((service, index) => service.pid !== before[index]?.pid).map((service) => service.name);
    expect(changed).toEqual(["gateway"]);
  });

  it("finds no fault in what runs", async () => {
    const { code, stdout } = await manage("doctor");
    expect(stdout).toContain("No fault found.");
    expect(code).toBe(0);
  });

  it("names the port another installation wants to take from this one", async () => {
    const other = { PASSBRIDGE_DATA_DIR: join(folder, "other") };
    const { code, stderr } = await manage("start --native", other);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^Port ${environment.POSTGRES_PORT}, which postgres needs, is in use by postgres`, "m"),
    );
  });

  it("leaves no process and no port after a stop", async () => {
    const pids = (await services()).flatMap((service) => service.pid ?? []);
    expect(pids).toHaveLength(SERVICE_NAMES.length);
    const { code, stdout } = await manage("stop");
    expect(code).toBe(0);
    expect(stdout.indexOf("Stopping gateway")).toBeLessThan(stdout.indexOf("Stopping postgres"));
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await freePorts()).toBe(ports().length);
    expect((await manage("stop")).stdout).toContain("Nothing was running.");
  });

  it("explains itself, and refuses what it does not know in one sentence", async () => {
    expect((await manage("help")).stdout).toContain("Usage: ./manage.sh COMMAND");
    const { code, stderr } = await manage("strat");
    expect(code).toBe(1);
    expect(stderr).toBe('\nThere is no command "strat".\n→ See ./manage.sh help\n');
  });
});
