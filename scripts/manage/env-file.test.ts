import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadContext, mergeEnvironment } from "./context.ts";
import { addToEnvFile, readEnvFile } from "./env-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-env-"));
  file = join(folder, "sub", ".env");
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("the settings file", () => {
  it("is made readable by its owner only, and leaves no draft behind", () => {
    addToEnvFile(file, { A: "1" });
    expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(join(folder, "sub"))).toEqual([".env"]);
  });

  it("keeps what people wrote and closes it to others", () => {
    addToEnvFile(file, {});
    writeFileSync(file, "# mine\nPORT=9000");
    chmodSync(file, 0o644);
    addToEnvFile(file, { A: "1" });
    expect(readFileSync(file, "utf8")).toBe("# mine\nPORT=9000\nA=1\n");
    expect(modeOf(file)).toBe(0o600);
    expect(readEnvFile(file)).toEqual({ PORT: "9000", A: "1" });
  });

  it("is empty when there is none", () => {
    expect(readEnvFile(file)).toEqual({});
  });
});

describe("mergeEnvironment", () => {
  it("lets the caller win, but not with an empty value", () => {
    expect(mergeEnvironment({ A: "file", B: "file" }, { A: "caller", B: "" })).toEqual({ A: "caller", B: "file" });
  });

  it("keeps Node's own switches to this program", () => {
    expect(mergeEnvironment({}, { NODE_OPTIONS: "--inspect", C: "1" })).toEqual({ C: "1" });
  });
});

describe("loadContext", () => {
  const caller = () => ({ PASSBRIDGE_ENV_FILE: file, PASSBRIDGE_DATA_DIR: folder });

  it("makes the secrets once, also when two begin at the same time", async () => {
    const [one, other] = await Promise.all([loadContext(caller(), true), loadContext(caller(), true)]);
    expect(one.settings).toEqual(other.settings);
    expect((await loadContext(caller(), true)).settings.SESSION_SECRETS).toBe(one.settings.SESSION_SECRETS);
  });

  it("writes nothing when it only looks", async () => {
    await loadContext(caller(), false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gives the gateway every derived address and what else the caller has set", async () => {
    const context = await loadContext({ ...caller(), PORT: "9009", CHALLENGE_TTL: "1m" }, true);
    expect(context.environment).toMatchObject({ PUBLIC_URL: "http://localhost:9009", CHALLENGE_TTL: "1m" });
    expect(context.environment.DATABASE_URL).toContain(context.settings.POSTGRES_PASSWORD);
  });
});
