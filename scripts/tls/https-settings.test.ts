import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../gateway/src/config.ts";
import { Failure } from "../failure.ts";
import { readEnvFile } from "../manage/env-file.ts";
import { checkLocalHttps, httpsSettings, removeHttpsSettings, writeHttpsSettings } from "./https-settings.ts";

const CERTIFICATE = {
  certificateFile: "/data/tls/localhost/cert.pem",
  keyFile: "/data/tls/localhost/key.pem",
  caFile: "/data/tls/ca/ca.pem",
  validTo: new Date(0),
  fresh: true,
};
const OTHERS = "# mine\nSESSION_SECRETS=one\nPUBLIC_URL_NOTE=kept\nPORT=8080\nLAST=1\n";
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-https-"));
  file = join(folder, ".env");
  writeFileSync(file, OTHERS);
});

afterEach(() => rmSync(folder, { recursive: true }));

test("HTTPS is at port 8443 of the same host; an https address is kept", () => {
  expect(httpsSettings("http://localhost:8080", CERTIFICATE)).toMatchObject({
    PUBLIC_URL: "https://localhost:8443",
    PORT: "8443",
  });
  expect(httpsSettings("http://app.localhost:3", CERTIFICATE).PUBLIC_URL).toBe("https://app.localhost:8443");
  expect(httpsSettings("https://localhost:9443", CERTIFICATE).PUBLIC_URL).toBe("https://localhost:9443");
});

test("written once, privately, beside the other settings", () => {
  const values = httpsSettings("http://localhost:8080", CERTIFICATE);
  expect(writeHttpsSettings(file, values)).toBe(true);
  const once = readFileSync(file, "utf8");
  expect(writeHttpsSettings(file, values)).toBe(false);
  expect(readFileSync(file, "utf8")).toBe(once);
  expect(readEnvFile(file)).toEqual({ SESSION_SECRETS: "one", PUBLIC_URL_NOTE: "kept", LAST: "1", ...values });
  expect(once.startsWith("# mine\n")).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("taken away again, and the rest stays", () => {
  writeHttpsSettings(file, httpsSettings("http://localhost:8080", CERTIFICATE));
  expect(removeHttpsSettings(file)).toBe(true);
  expect(readFileSync(file, "utf8")).toBe("# mine\nSESSION_SECRETS=one\nPUBLIC_URL_NOTE=kept\nLAST=1\n");
  expect(removeHttpsSettings(file)).toBe(false);
  expect(removeHttpsSettings(join(folder, "none"))).toBe(false);
});

test("the gateway takes the settings: TLS of its own and Secure cookies", () => {
  const config = loadConfig({
    ...httpsSettings("http://localhost:8080", CERTIFICATE),
    DATABASE_URL: "postgres://localhost/gateway",
    REDIS_URL: "redis://localhost",
    SESSION_SECRETS: "4f1d2c3b5a69788796a5b4c3d2e1f00f",
    KRATOS_HOOK_SECRET: "4f1d2c3b5a69788796a5b4c3d2e1f00f",
  });
  expect(config.tls).toEqual({ cert: CERTIFICATE.certificateFile, key: CERTIFICATE.keyFile });
  expect(config.listen.port).toBe(8443);
  expect(config.session.secure).toBe(true);
  expect(config.passkeys.rpId).toBe("localhost");
});

test.each(["https://id.example.com", "http://localhost.example.com", "http://127.0.0.1:8080"])(
  "a local certificate is not for %s",
  (publicUrl) => {
    expect(() => checkLocalHttps(publicUrl, {})).toThrow(Failure);
  },
);

test("a setting of the caller that would win is named", () => {
  expect(() => checkLocalHttps("http://localhost:8080", { PORT: "9" })).toThrow("sets PORT");
  expect(() => checkLocalHttps("http://localhost:8080", { PORT: "" })).not.toThrow();
});
