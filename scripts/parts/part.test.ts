import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findFreePort, isPortFree } from "../free-port.ts";
import { checkHttp } from "./http-check.ts";
import { createPart, type PartPlan } from "./part.ts";
import { isAlive, processTree } from "./process-tree.ts";

let folder: string;
let port: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-part-"));
  port = await findFreePort();
});
afterEach(() => rmSync(folder, { recursive: true }));

const SERVER = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { detached: true });
  require("node:http").createServer((_, response) => response.end(String(child.pid))).listen(Number(process.argv[1]), "127.0.0.1");`;

function plan(script: string, overrides: Partial<PartPlan> = {}): PartPlan {
  return {
    name: "sample",
    command: process.execPath,
    args: ["-e", script, String(port)],
    env: {},
    readyTimeout: 20_000,
    check: () => checkHttp(`http://127.0.0.1:${port}/`),
    ...overrides,
  };
}

const logFile = () => join(folder, "sample.log");

describe("createPart", () => {
  it("starts, stops with everything below it, and starts again on the same port", async () => {
    const part = createPart(plan(SERVER), logFile());
    await part.start();
    const pid = part.pid() ?? Number.NaN;
    const tree = processTree(pid);
    expect(tree).toHaveLength(2);
    await part.stop();
    expect(tree.filter(isAlive)).toEqual([]);
    expect(part.pid()).toBeNull();
    expect(await isPortFree(port)).toBe(true);
    await part.start();
    expect(part.pid()).not.toBe(pid);
    await part.kill();
    expect(await isPortFree(port)).toBe(true);
  });

  it("does not answer while it is paused, and still stops", async () => {
    const part = createPart(plan(SERVER), logFile());
    await part.start();
    part.pause();
    await expect(checkHttp(`http://127.0.0.1:${port}/`)).rejects.toThrow(/does not answer/);
    part.resume();
    await checkHttp(`http://127.0.0.1:${port}/`);
    part.pause();
    await part.stop();
    expect(await isPortFree(port)).toBe(true);
  });

  it("ends what ignores the polite signal", async () => {
    const stubborn = `process.on("SIGTERM", () => 0);${SERVER}`;
    const part = createPart(plan(stubborn, { stopTimeout: 200 }), logFile());
    await part.start();
    const pid = part.pid() ?? Number.NaN;
    await part.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("is stopped only when its process id is free again", async () => {
    const childless = `require("node:http").createServer((_, res) => res.end()).listen(${port}, "127.0.0.1")`;
    const part = createPart(plan(childless), logFile());
    await part.start();
    const pid = part.pid() ?? Number.NaN;
    process.kill(pid, "SIGKILL");
    // Without a turn of the event loop the dead process cannot be reaped.
    while (isAlive(pid));
    expect(process.kill(pid, 0)).toBe(true);
    await part.stop();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("shows the end of the log when the process ends instead of answering", async () => {
    const part = createPart(plan(`console.error("no such disk"); process.exit(3)`), logFile());
    await expect(part.start()).rejects.toThrow(/exit code 3(.|\n)*no such disk/);
    expect(part.pid()).toBeNull();
  });

  it("says so when the program does not exist", async () => {
    const part = createPart(plan("", { command: join(folder, "missing") }), logFile());
    await expect(part.start()).rejects.toThrow(/cannot be run/);
  });
});

describe("checkHttp", () => {
  it("counts only 2xx as healthy unless told otherwise", async () => {
    const server = createServer((_, response) => response.writeHead(401).end()).listen(port, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    await expect(checkHttp(`http://127.0.0.1:${port}/`)).rejects.toThrow("answered 401");
    await checkHttp(`http://127.0.0.1:${port}/`, 499);
    server.close();
  });
});
