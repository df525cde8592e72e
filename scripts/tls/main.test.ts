import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCompose } from "../compose/read-compose.ts";
import { Failure } from "../failure.ts";
import { loadContext } from "../manage/context.ts";
import { readEnvFile } from "../manage/env-file.ts";
import type { Output } from "../manage/output.ts";
import { makeMissingSecrets } from "../settings.ts";
import { tls } from "./main.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-tls-command-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function caller(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PASSBRIDGE_ENV_FILE: join(folder, ".env"), PASSBRIDGE_DATA_DIR: join(folder, "data"), ...extra };
}

async function run(words: readonly string[], extra?: NodeJS.ProcessEnv): Promise<string> {
  const lines: string[] = [];
  const output: Output = { line: (text = "") => void lines.push(text), step: (_, task) => task(() => undefined) };
  expect(await tls(await loadContext(caller(extra), true), words, output)).toBe(0);
  return lines.join("\n");
}

test("makes the CA and the settings once, and says where to click and what to trust", async () => {
  const first = await run([]);
  expect(first).toContain("Made a local CA");
  expect(first).toContain(join(folder, "data/tls/ca/ca.pem"));
  expect(first).toContain("refuse passkeys");
  expect(first).toContain("then open https://localhost:8443");
  const written = readFileSync(join(folder, ".env"), "utf8");

  const second = await run([]);
  expect(second).toContain("The local CA is there");
  expect(second).toContain("Open https://localhost:8443");
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(written);
});

test("off goes back to http and keeps the CA", async () => {
  await run([]);
  expect(await run(["off"])).toContain("HTTPS is off");
  expect(readEnvFile(join(folder, ".env"))).not.toHaveProperty("PUBLIC_URL");
  expect(existsSync(join(folder, "data/tls/ca/ca.pem"))).toBe(true);
  expect(await run(["off"])).toContain("already");
});

test("an unknown word and a public host are refused, and nothing is made", async () => {
  await expect(run(["on"])).rejects.toThrow(Failure);
  await expect(run([], { PUBLIC_URL: "https://id.example.com" })).rejects.toThrow("a local certificate is for");
  expect(existsSync(join(folder, "data/tls"))).toBe(false);
});

test("what compose mounts with these settings is there", async () => {
  await run([]);
  const values = readEnvFile(join(folder, ".env"));
  const [main, override = ""] = (values.COMPOSE_FILE ?? "").split(":");
  expect(main).toBe("docker-compose.yml");
  const { services } = readCompose(override, { ...makeMissingSecrets({}, {}), ...values, ...caller() });
  const sources = Object.values(services)
    .flatMap((service) => service.volumes ?? [])
    .flatMap((volume) => (typeof volume !== "string" && volume.type === "bind" ? [volume.source] : []));
  expect(sources).toHaveLength(2);
  for (const source of sources) expect(existsSync(source), source).toBe(true);
  expect(services.gateway?.depends_on).toEqual({ "gateway-tls": { condition: "service_completed_successfully" } });
  expect(services.frontend?.environment?.GATEWAY_URL).toBe("https://gateway.test:8443");
});
