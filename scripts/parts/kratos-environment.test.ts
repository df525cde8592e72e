import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CHECKOUT } from "../checkout.ts";
import { type KratosSettings, kratosEnvironment } from "./kratos-environment.ts";

const SETTINGS: KratosSettings = {
  publicUrl: "https://login.example.com",
  databaseUrl: "postgres://localhost/kratos",
  smtpUrl: "smtp://localhost:25",
  mailFrom: "no-reply@example.com",
  brandName: "Example",
  cookieSecrets: "c".repeat(32),
  cipherSecrets: "d".repeat(32),
  host: "127.0.0.1",
  publicPort: 4433,
  adminPort: 4434,
  sessionLifespan: "24h",
  privilegedMaxAge: "15m",
  breachCheck: false,
  codeSignIn: false,
  cookieDomain: "",
  hooks: { url: "http://127.0.0.1:8081/hooks/kratos", secret: "e".repeat(32) },
};

/** The paths of all leaves, as Kratos maps environment names to them. */
function leafNames(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return [path.join("_").toUpperCase()];
  return Object.entries(value).flatMap(([key, child]) => leafNames(child, [...path, key]));
}

const kratosYml: unknown = parse(readFileSync(join(CHECKOUT, "kratos/kratos.yml"), "utf8"));

describe("kratosEnvironment", () => {
  it("moves every address of kratos.yml that depends on PUBLIC_URL", () => {
    const fixed = JSON.stringify(kratosYml).match(/http:\/\/localhost:8080[^"]*/g) ?? [];
    const moved = Object.values(kratosEnvironment({ ...SETTINGS, publicUrl: "http://localhost:8080" }));
    for (const address of fixed) expect(moved).toContain(address);
    expect(Object.values(kratosEnvironment(SETTINGS)).join()).not.toContain("localhost:8080");
  });

  it("names only settings that stand in kratos.yml, or that must not stand there", () => {
    const notInFile = ["DSN", "DEV", "SQA_OPT_OUT", "SECRETS_COOKIE", "SECRETS_DEFAULT", "SECRETS_CIPHER"];
    const inFile = leafNames(kratosYml);
    const given = [
      ...notInFile,
      "COURIER_SMTP_CONNECTION_URI",
      "SELFSERVICE_FLOWS_LOGOUT_AFTER_DEFAULT_BROWSER_RETURN_URL",
      "SESSION_COOKIE_DOMAIN",
    ];
    const lists = Object.keys(kratosEnvironment(SETTINGS)).map((name) => name.replace(/_HOOKS_\d+$/, "_HOOKS"));
    for (const name of lists) expect([...inFile, ...given]).toContain(name);
    for (const name of notInFile) expect(inFile).not.toContain(name);
  });

  it("ends allowed return addresses with a slash, since Kratos compares by prefix", () => {
    expect(kratosEnvironment(SETTINGS).SELFSERVICE_ALLOWED_RETURN_URLS).toBe("https://login.example.com/");
  });

  it("takes the Secure flag off the cookies only without https", () => {
    expect(kratosEnvironment(SETTINGS).DEV).toBe("false");
    expect(kratosEnvironment({ ...SETTINGS, publicUrl: "http://localhost:8080" }).DEV).toBe("true");
  });

  it("leaves the cost of password hashes to kratos.yml unless told otherwise", () => {
    expect(kratosEnvironment(SETTINGS)).not.toHaveProperty("HASHERS_BCRYPT_COST");
    expect(kratosEnvironment({ ...SETTINGS, bcryptCost: 4 }).HASHERS_BCRYPT_COST).toBe("4");
  });
});
