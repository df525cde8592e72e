import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SERVICE_NAMES } from "../services.ts";
import { type Context, loadContext } from "./context.ts";
import { dockerStates, isDockerUsable, parseContainers } from "./docker.ts";
import { chooseMode, currentMode, forgetMode, rememberMode } from "./mode.ts";
import { createOutput } from "./output.ts";
import { start } from "./start.ts";
import { restart, stop } from "./stop.ts";

let folder: string;
let context: Context;
const output = createOutput(process.stderr);

/** A docker program that notes its calls and answers with the given script: no engine is needed to see what is asked of it. */
function pretendDocker(script: string): void {
  const program = join(folder, "bin", "docker");
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(program, `#!/bin/sh\necho "$*" >> "${folder}/calls"\n${script}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
}

const calls = () => readFileSync(join(folder, "calls"), "utf8");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-docker-"));
  context = await loadContext(
    { PASSBRIDGE_DATA_DIR: join(folder, "data"), PASSBRIDGE_ENV_FILE: join(folder, ".env") },
    true,
  );
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const container = (Service: string, more: object = {}) => ({ Service, State: "running", Health: "healthy", ...more });

describe("compose's list of containers", () => {
  it("is read as an array and as lines", () => {
    const two = [container("redis"), container("kratos")];
    expect(parseContainers(JSON.stringify(two))).toEqual(two);
    expect(parseContainers(two.map((entry) => JSON.stringify(entry)).join("\n"))).toEqual(two);
    expect(parseContainers("\n")).toEqual([]);
  });

  it("becomes the state of every service", async () => {
    const ill = container("kratos", { Health: "unhealthy", Status: "Up 2 minutes (unhealthy)" });
    const list = [container("gateway", { Publishers: [{ PublishedPort: 8080 }, { PublishedPort: 0 }] }), ill];
    pretendDocker(`echo '${JSON.stringify(list)}'`);
    const states = new Map((await dockerStates(context)).map((state) => [state.name, state]));
    expect(states.get("gateway")).toMatchObject({ state: "running", ports: [8080] });
    expect(states.get("kratos")).toMatchObject({ state: "unhealthy", detail: "Up 2 minutes (unhealthy)" });
    expect(states.get("redis")).toMatchObject({ state: "stopped", detail: "no container" });
  });
});

describe("the way to start", () => {
  it("is Docker only when an engine and compose answer", async () => {
    pretendDocker(`case "$1" in info) echo 27.0 ;; compose) exit 1 ;; esac`);
    expect(await isDockerUsable()).toBe(false);
    pretendDocker("echo 27.0");
    expect(await isDockerUsable()).toBe(true);
    expect(await chooseMode(new Set(), output)).toBe("docker");
    expect(await chooseMode(new Set(["--native"]), output)).toBe("native");
  });

  it("is native without an engine, unless Docker was asked for", async () => {
    pretendDocker("exit 1");
    expect(await chooseMode(new Set(), output)).toBe("native");
    await expect(chooseMode(new Set(["--docker"]), output)).rejects.toThrow(/Docker does not answer/);
  });

  it("is remembered until the stop", () => {
    expect(currentMode(context)).toBe("native");
    rememberMode(context, "docker");
    expect(currentMode(context)).toBe("docker");
    forgetMode(context);
    expect(currentMode(context)).toBe("native");
  });
});

describe("with Docker", () => {
  it("start brings the containers up and stop takes them down", async () => {
    const list = JSON.stringify(SERVICE_NAMES.map((name) => container(name)));
    pretendDocker(`case "$*" in *" ps "*) echo '${list}' ;; *) echo 27.0 ;; esac`);
    await start(context, new Set(["--docker"]), output);
    expect(calls()).toMatch(/compose .*--env-file \S+\.env up --detach --build --wait/);
    await stop(context, output);
    expect(calls().trim().split("\n").at(-1)).toMatch(/ down$/);
  });

  it("restart makes one container anew, so that it takes new settings", async () => {
    pretendDocker("exit 0");
    rememberMode(context, "docker");
    await restart(context, "gateway", output);
    expect(calls()).toMatch(/ up --detach --build --force-recreate --wait --no-deps gateway\n$/);
  });

  it("a container that is not well is a failure with its name", async () => {
    const list = JSON.stringify(
      SERVICE_NAMES.map((name) => container(name, name === "kratos" ? { Health: "starting" } : {})),
    );
    pretendDocker(`case "$*" in *" ps "*) echo '${list}' ;; *) echo 27.0 ;; esac`);
    await expect(start(context, new Set(["--docker"]), output)).rejects.toThrow(/kratos is not well/);
  });

  it("a failed start leaves nothing half started", async () => {
    pretendDocker(`case "$*" in *" up "*) echo "no space left" >&2; exit 1 ;; info*) echo 27.0 ;; esac`);
    await expect(start(context, new Set(["--docker"]), output)).rejects.toThrow(/no space left/);
    expect(calls().trim().split("\n").at(-1)).toMatch(/ down$/);
    expect(currentMode(context)).toBe("native");
  });
});
