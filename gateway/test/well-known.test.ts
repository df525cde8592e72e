import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const RELATED = "https://passkeys.example";

let gateway: RunningGateway;
beforeAll(async () => {
  const DATABASE_URL = await createTestDatabase();
  gateway = await startGateway({
    env: { DATABASE_URL, PASSKEY_RELATED_ORIGINS: RELATED, UPSTREAM_URL: "http://127.0.0.1:9" },
  });
});
afterAll(() => gateway.stop());

const ask = (path: string, method = "GET") =>
  fetch(`${gateway.origin}/.well-known/${path}`, { method, redirect: "manual" });

describe("the well-known documents", () => {
  it("name the origins that may use the RP ID, its own first", async () => {
    const answer = await ask("webauthn");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    expect(await answer.json()).toEqual({ origins: [gateway.origin, RELATED] });
  });

  it("name the page on which passkeys are made and managed", async () => {
    const answer = await ask("passkey-endpoints");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    const account = `${gateway.origin}/account`;
    expect(await answer.json()).toEqual({ enroll: account, manage: account });
  });

  it("lead to where the password is changed", async () => {
    const answer = await ask("change-password");
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("/account#password");
  });

  it.each(["webauthn", "passkey-endpoints", "change-password"])(
    "%s answers HEAD alike, without a body",
    async (path) => {
      const [got, head] = [await ask(path), await ask(path, "HEAD")];
      expect(head.status).toBe(got.status);
      expect(head.headers.get("content-type")).toBe(got.headers.get("content-type"));
      expect(await head.text()).toBe("");
    },
  );

  it.each([
    ["POST", "webauthn"],
    ["PUT", "passkey-endpoints"],
    ["DELETE", "change-password"],
    ["POST", "jwks.json"],
    ["GET", "webauthn/more"],
  ])("refuse %s %s themselves, and ask no upstream", async (method, path) => {
    const answer = await ask(path, method);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });

  it("leave the other well-known paths to the upstream", async () => {
    expect((await ask("security.txt")).status).toBe(401);
  });
});

describe("related origins of more than five names", () => {
  const start = async (names: readonly string[]) => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
    const origins = names.map((name) => `https://${name}.example`).join(",");
    const { databaseUrl } = gateway.config;
    const started = await startGateway({
      env: { DATABASE_URL: databaseUrl, PASSKEY_RELATED_ORIGINS: origins },
      overrides: { log },
    });
    await started.stop();
    return lines.filter((line) => line.includes("PASSKEY_RELATED_ORIGINS"));
  };

  it("are warned about at the start, with what browsers will ignore", async () => {
    const [line, ...more] = await start(["one", "two", "three", "four", "five", "six"]);
    expect(JSON.parse(line ?? "")).toMatchObject({ ignored: ["five", "six"] });
    expect(more).toEqual([]);
  });

  it("are fine up to five", async () => {
    expect(await start(["one", "two", "three", "four"])).toEqual([]);
  });
});
