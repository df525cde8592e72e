import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkLogs } from "./log-check.ts";
import { leaksIn, secretsIn } from "./secrets.ts";

const PASSWORD = "kq3Zf0-xXw_91Ls7";
const SESSION = "vXn8pQ2rT5yU1wE4kq3Zf0xXw91Ls7Aa";
const CHALLENGE = "A".repeat(43);

test("secrets are what is below their names, wherever", () => {
  const body = {
    options: { challenge: CHALLENGE, rp: { id: "localhost" } },
    codes: ["abcde-12345"],
    cookie: { secret: `s%3A${SESSION}.sIgNaTuRe0123456789%2B` },
    code: "123456",
    password: "x",
    problem: { code: "verification_failed" },
  };
  const traces = [CHALLENGE, "abcde-12345", SESSION, "sIgNaTuRe0123456789", "123456"];
  expect(secretsIn(body)).toEqual(traces);
});

describe("a log with a secret in it", () => {
  const secrets = new Set([PASSWORD, SESSION, CHALLENGE, "123456", "abcde-12345"]);
  test.each([
    `{"msg":"request","path":"/x?password=${PASSWORD}"}`,
    `{"headers":{"cookie":"ory_kratos_session=${SESSION}; a=b"}}`,
    `{"err":{"message":"ERR wrong number of arguments: 'passbridge:challenge:${CHALLENGE}'"}}`,
    `{"code":123456}`,
    `{"detail":"abcde-12345 is used"}`,
    `{"token":"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwOi8v.c2ln"}`,
  ])("%s is found", (line) => {
    expect(leaksIn(`{"msg":"fine"}\n${line}\n{"msg":"fine"}`, secrets)).toMatchObject([{ line }]);
  });

  test("and what only looks like one is not", () => {
    expect(
      leaksIn('{"ms":1234567,"id":"a123456b","request_id":"12345678-1234-4123-8123-123456789012"}', secrets),
    ).toEqual([]);
  });
});

describe("the check after a run", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "passbridge-logs-"));
    await writeFile(join(folder, "secrets-1.txt"), `${PASSWORD}\n`);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("says which line of which log holds a secret, and not the secret", async () => {
    await writeFile(join(folder, "gateway-1.log"), `{"msg":"fine"}\n{"err":"${PASSWORD}"}\n`);
    const fault = await checkLogs(folder).catch((error: unknown) => String(error));
    expect(fault).toMatch(/1 line.*gateway-1\.log:2.*\{"err":"\[secret\]"\}/s);
    expect(fault).not.toContain(PASSWORD);
  });

  test("fails on a log that is not whole", async () => {
    await writeFile(join(folder, "gateway-1.log"), "");
    await writeFile(join(folder, "truncated"), "");
    await expect(checkLogs(folder)).rejects.toThrow("not whole");
  });

  test("passes a log without any, and says how much it saw", async () => {
    await writeFile(join(folder, "gateway-1.log"), '{"msg":"fine"}\n');
    expect(await checkLogs(folder)).toEqual({ lines: 1, secrets: 1 });
  });
});
