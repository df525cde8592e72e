import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRules } from "../src/routes/read-rules.ts";
import { STANDARD } from "./support/rules-text.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
const EXAMPLE = "deploy/gateway.example.yml";
const SETTINGS = {
  PUBLIC_URL: "https://id.example.com",
  DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
  REDIS_URL: "redis://127.0.0.1:9",
  SESSION_SECRETS: "b3V0IG9mIHJlYWNoIG9mIGFueW9uZSE5Xzg3NjU0MzIx",
  KRATOS_HOOK_SECRET: "a2V5IG9mIG5vYm9keSwgZm9yIG5vdGhpbmchOTg3NjU0",
};

/** What the program says and answers; no part of Passbridge has to run for it. */
function check(words: readonly string[], env: Record<string, string> = { ROUTES_FILE: EXAMPLE }) {
  const options = { cwd: CHECKOUT, env: { PATH: process.env.PATH, ...SETTINGS, ...env } };
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, ["gateway/src/check-routes.ts", ...words], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

const example = readRules(readFileSync(join(CHECKOUT, EXAMPLE), "utf8"), STANDARD).value?.rules ?? [];

/** A request for each rule of the example, who asks, and what is said of them. */
const WALK: Readonly<Record<string, readonly [request: string, as: string, passes: boolean]>> = {
  internals: ["GET /internal/metrics", "aal2,roles=admin", false],
  assets: ["HEAD /assets/app.css", "nobody", true],
  welcome: ["GET /welcome?from=mail", "nobody", true],
  hooks: ["POST /hooks/payment", "nobody", true],
  admin: ["GET https://eu.apps.example.com/admin/users", "verified,aal2,roles=admin,age=5m", true],
  reports: ["GET /reports/2026", "roles=finance+sales", true],
  order: ["GET /orders/12/invoice", "session,age=2h", false],
  uploads: ["PUT /files/a.bin", "session", false],
  files: ["GET /files/a.bin", "session", true],
  keys: ["GET /keys", "passkey", true],
  settings: ["POST /settings/name", "passkey", false],
  "everything-else": ["GET /orders", "session", true],
};

describe("check-routes", () => {
  it("has a request for each rule of the example, in its order", () => {
    expect(Object.keys(WALK)).toEqual(example.map(({ name }) => name));
  });

  it.each(example.map((rule, at) => ({ rule, at, name: rule.name })))(
    "explains the rule $name",
    async ({ rule, at }) => {
      const [request = "", as = "", passes] = WALK[rule.name] ?? [];
      const { code, said } = await check([...request.split(" "), "--as", as]);
      expect(said).toContain(`  decided   by ${rule.name} (${EXAMPLE}:${rule.line})`);
      expect(said).toMatch(/^ {2}needs {5}\S/m);
      const passed = [...said.matchAll(/^ {2}not by {4}(\S+) \((\S+)\): it is for \S/gm)].map(([, name]) => name);
      expect(passed).toEqual(example.slice(0, at).map(({ name }) => name));
      expect(said.includes(`  ${as}: passes`)).toBe(passes);
      expect(code).toBe(passes ? 0 : 1);
    },
  );

  it("says what happens to a page load, to another request, and to those who may pass", async () => {
    const { said } = await check(["GET", "https://app.example.com/admin?x=1", "--as", "verified,roles=admin,age=1h"]);
    const back = "return_to=https%3A%2F%2Fapp.example.com%2Fadmin%3Fx%3D1";
    expect(said).toContain(`nobody signed in: page load sent to https://id.example.com/login?${back}`);
    expect(said).toContain("someone signed in, no more: refused with 403 forbidden");
    expect(said).toContain("other request refused with 403 aal2_required");
    expect(said).toContain("audience  https://admin.example.com");
    const uploads = (await check(["POST", "/files/a"])).said;
    expect(uploads).toContain("goes to   https://files.internal.example.com/storage (answer within 30s, at most 30m");
    expect(uploads).toContain("body      at most 2000000000 bytes");
    expect(uploads).toContain("limit     100 requests in 1h by identity");
  });

  it.each([
    ["GET /a/../admin", /refused with 400: the path has a dot segment/],
    ["GET /a%2fadmin", /refused with 400: the path has an encoded slash/],
    ["GET https://a..b/", /refused with 400: The host is not valid/],
  ])("says why %s is refused", async (request, reason) => {
    const { code, said } = await check(request.split(" "));
    expect(said).toMatch(reason);
    expect(code).toBe(1);
  });

  it("knows the gateway's own paths, and hosts that no rule names", async () => {
    expect((await check(["GET", "/login"])).said).toContain("The gateway answers there itself");
    const { said } = await check(["GET", "https://else.example.org/admin"]);
    expect(said).toContain("No rule names the host else.example.org, so its requests count as id.example.com's.");
    expect(said).toContain("decided   by everything-else");
  });

  it("lists the rules, those of no file as well", async () => {
    const { code, said } = await check([]);
    expect(code).toBe(0);
    expect(said).toContain(`${EXAMPLE} is right. ${example.length} rules:`);
    for (const { name, line } of example) expect(said).toContain(`  ${name} (${EXAMPLE}:${line}): `);
    expect((await check([], {})).said).toContain("There is no ROUTES_FILE. 1 rule:");
  });

  it("tells the faults of a file", async () => {
    const { code, said } = await check(["GET", "/"], { ROUTES_FILE: "docker-compose.yml" });
    expect(code).toBe(1);
    expect(said).toMatch(/docker-compose.yml:\d+:\d+: \S/);
  });

  it.each([
    ["GET", "Which request"],
    ["GET /a --as", "Which request"],
    ["GET /a --as session more", "Which request"],
    ["get /a", "get is no method"],
    ["GET a", "a is no URL"],
    ["GET /a --as aal3", "--as does not know aal3 (did you mean aal2?)"],
    ["GET /a --as=age=soon", "age soon: needs a duration"],
  ])("does not guess what %s means", async (words, complaint) => {
    const { code, said } = await check(words.split(" "));
    expect(code).toBe(1);
    expect(said).toContain(complaint);
    expect(said).toContain("→ Use ./manage.sh check-routes");
  });
});
