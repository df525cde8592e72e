import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

const SECRET = "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1";
const valid = {
  DATABASE_URL: "postgres://user:pass@127.0.0.1:5432/gateway",
  REDIS_URL: "redis://127.0.0.1:6379",
  SESSION_SECRETS: SECRET,
  KRATOS_HOOK_SECRET: SECRET,
};

function faultsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("FIDO metadata", () => {
  it("come from a file or a server, and need no root of one's own", () => {
    expect(loadConfig(valid).metadata).toEqual({ file: undefined, url: undefined, rootFile: undefined });
    const { metadata } = loadConfig({ ...valid, FIDO_METADATA_URL: "https://mds3.fidoalliance.org/" });
    expect(metadata.url?.href).toBe("https://mds3.fidoalliance.org/");
  });

  it.each([
    [{ FIDO_METADATA_FILE: "/a", FIDO_METADATA_URL: "https://b.example" }, /set one of them/],
    [{ FIDO_METADATA_ROOT_FILE: "/a" }, /needs FIDO_METADATA_FILE or FIDO_METADATA_URL/],
    [{ FIDO_METADATA_URL: "ftp://b.example" }, /FIDO_METADATA_URL/],
  ])("have a fault in %j", (settings, fault) => {
    expect(faultsOf({ ...valid, ...settings }).join()).toMatch(fault);
  });
});

describe("COOKIE_DOMAIN", () => {
  const https = { ...valid, PUBLIC_URL: "https://auth.example.co.uk" };

  it("has browsers send the session to every host below it, by a name that allows that", () => {
    expect(loadConfig(https).session).toMatchObject({ cookieName: "__Host-passbridge_session", cookieDomain: null });
    for (const COOKIE_DOMAIN of ["example.co.uk", "auth.example.co.uk"]) {
      const cookieName = "__Secure-passbridge_session";
      expect(loadConfig({ ...https, COOKIE_DOMAIN }).session).toMatchObject({
        cookieName,
        cookieDomain: COOKIE_DOMAIN,
      });
    }
    const local = { ...valid, PUBLIC_URL: "http://auth.passbridge.localhost", COOKIE_DOMAIN: "passbridge.localhost" };
    expect(loadConfig(local).session).toMatchObject({ cookieName: "passbridge_session", secure: false });
  });

  it.each([
    ["other.co.uk", {}, /neither the host of PUBLIC_URL/],
    ["ample.co.uk", {}, /neither the host of PUBLIC_URL/],
    ["app.auth.example.co.uk", {}, /neither the host of PUBLIC_URL/],
    ["co.uk", {}, /public suffix/],
    ["github.io", { PUBLIC_URL: "https://me.github.io" }, /public suffix/],
    ["localhost", { PUBLIC_URL: "http://auth.localhost" }, /needs a domain/],
    ["uk", {}, /needs a domain/],
    [".example.co.uk", {}, /needs a domain/],
    ["Example.co.uk", {}, /needs a domain/],
    ["example.co.uk:443", {}, /needs a domain/],
    ["example.co.uk; Path=/x", {}, /needs a domain/],
  ])("cannot be %s", (COOKIE_DOMAIN, more, fault) => {
    expect(faultsOf({ ...https, ...more, COOKIE_DOMAIN }).join()).toMatch(fault);
  });
});

describe("loadConfig", () => {
  it("fills in the documented defaults", () => {
    const config = loadConfig(valid);
    expect(config.publicUrl.origin).toBe("http://localhost:8080");
    expect(config.listen).toEqual({ host: "127.0.0.1", port: 8080 });
    expect(config.session).toMatchObject({ idleTimeout: 1_800_000, maxAge: 86_400_000, privilegedMaxAge: 900_000 });
    expect(config.passkeys).toMatchObject({ rpId: "localhost", rpName: "Passbridge", maxPerUser: 20 });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("reports every fault at once", () => {
    const faults = faultsOf({
      PORT: "x",
      SESSION_IDLE_TIMEOUT: "soon",
      TRUSTED_PROXIES: "10.0.0.0/33",
      REDIS_URL: "http://x",
    });
    for (const name of [
      "PORT",
      "SESSION_IDLE_TIMEOUT",
      "TRUSTED_PROXIES",
      "REDIS_URL",
      "DATABASE_URL",
      "SESSION_SECRETS",
      "KRATOS_HOOK_SECRET",
    ]) {
      expect(
        faults.some((fault) => fault.startsWith(`${name}:`)),
        name,
      ).toBe(true);
    }
  });

  it.each([
    "short",
    "changeme-changeme-changeme-changeme",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    `${SECRET},short`,
  ])("refuses the weak secret %s outside development", (secret) => {
    for (const name of ["SESSION_SECRETS", "KRATOS_HOOK_SECRET"]) {
      expect(faultsOf({ ...valid, [name]: secret })[0]).toContain(name);
      expect(faultsOf({ ...valid, [name]: secret, NODE_ENV: "development" })).toEqual([]);
    }
  });

  it("takes several secrets of Kratos' web hooks, and none that a header or a JSON text could not hold", () => {
    const other = SECRET.split("").reverse().join("");
    expect(loadConfig({ ...valid, KRATOS_HOOK_SECRET: `${SECRET}, ${other}` }).kratosHookSecrets).toEqual([
      SECRET,
      other,
    ]);
    for (const bad of [`${SECRET}"`, `${SECRET} x`, `${SECRET}\\`, `${SECRET}ä`, ","]) {
      expect(faultsOf({ ...valid, KRATOS_HOOK_SECRET: bad }).join()).toContain("KRATOS_HOOK_SECRET");
    }
  });

  it.each([
    ["an IP address", { PUBLIC_URL: "https://192.0.2.1" }, "IP address"],
    ["http off localhost", { PUBLIC_URL: "http://example.com" }, "https"],
    ["a path", { PUBLIC_URL: "https://example.com/app" }, "without a path"],
    ["a foreign RP ID", { PUBLIC_URL: "https://example.com", PASSKEY_RP_ID: "example.org" }, "PASSKEY_RP_ID"],
    ["a certificate without key", { TLS_CERT_FILE: "cert.pem" }, "TLS_KEY_FILE"],
    ["an idle timeout past the maximum", { SESSION_IDLE_TIMEOUT: "2d" }, "SESSION_IDLE_TIMEOUT"],
    ["a mail server by another protocol", { SMTP_URL: "http://mail.example.com" }, "SMTP_URL"],
    ["a user name that is no percent-encoding", { SMTP_URL: "smtp://%zz@mail.example.com" }, "SMTP_URL"],
    ["a sender with a name", { MAIL_FROM: "Passbridge <no-reply@example.com>" }, "MAIL_FROM"],
    ["the conformance API in production", { FIDO_CONFORMANCE: "true" }, "FIDO_CONFORMANCE"],
    ["the conformance API in tests", { FIDO_CONFORMANCE: "true", NODE_ENV: "test" }, "FIDO_CONFORMANCE"],
    ["no worker", { WORKERS: "0" }, "WORKERS"],
    ["half a worker", { WORKERS: "1.5" }, "WORKERS"],
    ["a related origin with a path", { PASSKEY_RELATED_ORIGINS: "https://example.net/x" }, "not an origin"],
  ])("refuses %s", (_what, change, words) => {
    expect(faultsOf({ ...valid, ...change }).join()).toContain(words);
  });

  it("takes a parent domain as RP ID and names the cookie with the host prefix under https", () => {
    const config = loadConfig({ ...valid, PUBLIC_URL: "https://login.example.com", PASSKEY_RP_ID: "example.com" });
    expect(config.passkeys.rpId).toBe("example.com");
    expect(config.session).toMatchObject({ cookieName: "__Host-passbridge_session", secure: true });
  });

  it("lets the conformance API be on in development, and has it off otherwise", () => {
    expect(loadConfig({ ...valid, NODE_ENV: "development", FIDO_CONFORMANCE: "true" }).fidoConformance).toBe(true);
    expect(loadConfig({ ...valid, NODE_ENV: "development" }).fidoConformance).toBe(false);
  });

  it("has one worker, as many as it is told, or one for each processor", () => {
    const counts = ["", "3", "auto"].map((text) => loadConfig({ ...valid, WORKERS: text }).workers);
    expect(counts).toEqual([1, 3, Math.min(availableParallelism(), 64)]);
  });

  it("reads an empty value as unset", () => {
    expect(loadConfig({ ...valid, PASSKEY_RP_ID: "", PORT: " " }).listen.port).toBe(8080);
  });
});
