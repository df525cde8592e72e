import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { type Context, loadContext } from "./context.ts";
import { gatewayProgram } from "./gateway-program.ts";
import { rememberMode } from "./mode.ts";
import type { Output } from "./output.ts";

let stack: TestStack;
let folder: string;
let context: Context;
beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres", "mail", "kratos"] });
  folder = mkdtempSync(join(tmpdir(), "passbridge-admin-"));
  context = await contextWith({});
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

const contextWith = (more: Record<string, string>) =>
  loadContext(
    {
      PATH: process.env.PATH,
      PASSBRIDGE_DATA_DIR: join(folder, "data"),
      PASSBRIDGE_ENV_FILE: join(folder, ".env"),
      KRATOS_ADMIN_URL: stack.kratosAdminUrl,
      KRATOS_PUBLIC_URL: stack.kratosPublicUrl,
      ...more,
    },
    true,
  );

/** What the command says and answers. */
async function run(words: string, where: Context = context) {
  const said: string[] = [];
  const output: Output = { line: (text = "") => void said.push(text), step: (_label, task) => task(() => undefined) };
  const complaint = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const code = await gatewayProgram(where, "admin", words.split(" "), output);
  complaint.mockRestore();
  return { code, said: said.join("\n").trim() };
}

async function ask(path: string, init: RequestInit = {}): Promise<{ id: string; metadata_public: unknown }> {
  const answer = await fetch(new URL(path, stack.kratosAdminUrl), {
    ...init,
    headers: { "content-type": "application/json" },
  });
  return (await answer.json()) as { id: string; metadata_public: unknown };
}

async function account(email: string, metadata_public?: unknown): Promise<() => Promise<unknown>> {
  const body = JSON.stringify({ schema_id: "default", traits: { email }, metadata_public });
  const { id } = await ask("/admin/identities", { method: "POST", body });
  return async () => (await ask(`/admin/identities/${id}`)).metadata_public;
}

test("there is no administrator at first", async () => {
  expect(await run("list")).toEqual({
    code: 0,
    said: "There is no administrator. Make one: ./manage.sh admin grant EMAIL",
  });
});

test("makes someone an administrator, once, in whatever spelling, and takes it back", async () => {
  const metadata = await account("ada@example.com");
  const granted = "ADA@example.com is an administrator now, when signed in with a passkey.";
  expect(await run("grant ADA@example.com")).toEqual({ code: 0, said: granted });
  expect(await metadata()).toEqual({ roles: ["admin"] });
  expect((await run("grant ada@example.com")).said).toBe("ada@example.com is an administrator already.");
  expect(await run("list")).toEqual({ code: 0, said: "ada@example.com" });
  expect((await run("revoke ada@example.com")).said).toBe("ada@example.com is no administrator any more.");
  expect(await metadata()).toEqual({ roles: [] });
  expect(await run("revoke ada@example.com")).toEqual({ code: 0, said: "ada@example.com is no administrator." });
});

test("keeps other roles and all else that is there", async () => {
  const metadata = await account("grace@example.com", { team: "blue", roles: ["staff"] });
  await run("grant grace@example.com");
  expect(await metadata()).toEqual({ team: "blue", roles: ["staff", "admin"] });
  await run("revoke grace@example.com");
  expect(await metadata()).toEqual({ team: "blue", roles: ["staff"] });

  const without = await account("mary@example.com", { team: "red" });
  await run("grant mary@example.com");
  expect(await without()).toEqual({ team: "red", roles: ["admin"] });
  await run("revoke mary@example.com");
});

test("changes nothing where it would lose something", async () => {
  const metadata = await account("odd@example.com", { roles: "admin" });
  const { code, said } = await run("grant odd@example.com");
  expect(code).toBe(1);
  expect(said).toMatch(/metadata_public .*\n→ Correct it/);
  expect(await metadata()).toEqual({ roles: "admin" });
});

test.each([
  ["grant nobody@example.com", "Nobody signs in as nobody@example.com.\n→ Sign up"],
  ["revoke nobody@example.com", "Nobody signs in as nobody@example.com."],
  ["grant", "Use ./manage.sh admin grant EMAIL"],
  ["grant ada", "Use ./manage.sh admin grant EMAIL"],
  ["promote ada@example.com", "Use ./manage.sh admin grant EMAIL"],
  ["grant ada@example.com grace@example.com", "Use ./manage.sh admin grant EMAIL"],
  ["list all", "Use ./manage.sh admin grant EMAIL"],
])("refuses %s in clear words", async (words, text) => {
  const { code, said } = await run(words);
  expect(code).toBe(1);
  expect(said).toContain(text);
});

test("says that Kratos is away, and what to do", async () => {
  const { code, said } = await run("list", await contextWith({ KRATOS_ADMIN_URL: "http://127.0.0.1:9" }));
  expect(code).toBe(1);
  expect(said).toBe("Kratos cannot be asked at http://127.0.0.1:9.\n→ Start it: ./manage.sh start");
});

test("with Docker the gateway's container does it", async () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "docker"), `#!/bin/sh\necho "$*" > "${folder}/calls"\nexit 3\n`);
  chmodSync(join(bin, "docker"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  const containers = await contextWith({ PASSBRIDGE_DATA_DIR: join(folder, "docker") });
  rememberMode(containers, "docker");
  expect((await run("grant ada@example.com", containers)).code).toBe(3);
  vi.unstubAllEnvs();
  expect(readFileSync(join(folder, "calls"), "utf8")).toMatch(
    / exec -T gateway node gateway\/dist\/src\/admin\.js grant ada@example\.com\n$/,
  );
});
