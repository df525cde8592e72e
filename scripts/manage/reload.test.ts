import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { processTree } from "../parts/process-tree.ts";
import { waitUntil } from "../wait-until.ts";
import { type Context, loadContext } from "./context.ts";
import { rememberMode } from "./mode.ts";
import { recordProcess } from "./pid-file.ts";
import { reload } from "./reload.ts";

const RIGHT = "version: 1\nrules: [{ name: all, path: { prefix: / }, require: session }]\n";
const WRONG = "version: 1\nrules: [{ name: all, path: { prefix: all }, require: session }]\n";
/** Says when it is there, and writes a file when it is told to read its rules anew. */
const GATEWAY = `process.on("SIGHUP", () => require("fs").writeFileSync(process.argv[1], "told"));
  setInterval(() => undefined, 1000); console.log("there")`;

let folder: string;
let context: Context;
let child: ChildProcess | null;
beforeEach(async () => {
  child = null;
  folder = mkdtempSync(join(tmpdir(), "passbridge-reload-"));
  const environment = { PATH: process.env.PATH, ROUTES_FILE: join(folder, "gateway.yml") };
  const places = { PASSBRIDGE_DATA_DIR: join(folder, "data"), PASSBRIDGE_ENV_FILE: join(folder, ".env") };
  context = await loadContext({ ...environment, ...places }, true);
  writeFileSync(join(folder, "gateway.yml"), RIGHT);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  if (child?.kill("SIGKILL")) await once(child, "exit");
  rmSync(folder, { recursive: true });
});

const told = () => existsSync(join(folder, "told"));

async function startGateway(...wrapper: string[]): Promise<void> {
  const [program = process.execPath, ...words] = [...wrapper, process.execPath, "-e", GATEWAY, join(folder, "told")];
  child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout) await once(child.stdout, "data");
  if (child.pid !== undefined) recordProcess(context.pidDir, "gateway", child.pid);
}

async function run() {
  const said: string[] = [];
  const complaint = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const output = { line: (text = "") => void said.push(text), step: async () => undefined as never };
  try {
    return { code: await reload(context, output), said: said.join("\n") };
  } finally {
    complaint.mockRestore();
  }
}

test("tells the gateway once its rules are found right", async () => {
  await startGateway();
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toContain("gateway.yml is right. 1 rule:");
  expect(said).toContain("The gateway reads its route rules anew");
  await waitUntil(async () => expect(told()).toBe(true), { what: "the signal", timeout: 10_000 });
});

test("says where wrong rules are wrong, and tells the gateway nothing", async () => {
  await startGateway();
  writeFileSync(join(folder, "gateway.yml"), WRONG);
  const { code, said } = await run();
  expect(code).toBe(1);
  expect(said).toContain(`${join(folder, "gateway.yml")}:2:30: rule "all": path.prefix: all: needs a leading slash`);
  expect(said).toContain("The rules in force stay.");
  expect(told()).toBe(false);
});

test("while developing it is the gateway that is told, not what watches it", async () => {
  await startGateway("sh", "-c", '"$@"; true', "sh");
  expect((await run()).code).toBe(0);
  await waitUntil(async () => expect(told()).toBe(true), { what: "the signal", timeout: 10_000 });
  expect(child?.exitCode).toBeNull();
  const [, gateway] = processTree(child?.pid ?? 0);
  if (gateway !== undefined) process.kill(gateway, "SIGKILL");
});

test("says that nothing runs", async () => {
  await expect(run()).rejects.toThrow("The gateway does not run.");
});

test("with Docker it is the container that is asked and told", async () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "docker"), `#!/bin/sh\necho "$*" >> "${folder}/calls"\n`);
  chmodSync(join(bin, "docker"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  rememberMode(context, "docker");
  expect((await run()).code).toBe(0);
  expect(readFileSync(join(folder, "calls"), "utf8")).toMatch(
    / exec -T gateway node gateway\/dist\/src\/check-routes\.js\n.* kill --signal HUP gateway\n$/,
  );
});
