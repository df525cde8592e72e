import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { issueCertificate } from "../../scripts/tls/certificate.ts";
import { loadConfig } from "./config.ts";
import { readPostgresUrl } from "./postgres-url.ts";

const folder = mkdtempSync(join(tmpdir(), "passbridge-postgres-url-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { caFile, certificateFile, keyFile } = await issueCertificate(folder);
const strange = join(folder, "strange.pem");
writeFileSync(strange, "no certificate\n");
const broken = join(folder, "broken.pem");
writeFileSync(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

const tls = (query: string) => readPostgresUrl(`postgres://h/db?${query}`).tls;

describe("where and as whom", () => {
  test.each([
    ["postgres://u:p%40%2F@h:6000/db", [{ host: "h", port: 6000 }], { user: "u", password: "p@/", database: "db" }],
    ["postgresql://h", [{ host: "h", port: 5432 }], {}],
    ["postgres://u:a:b@@h/db", [{ host: "h", port: 5432 }], { user: "u", password: "a:b@", database: "db" }],
    ["postgres://[::1]:1/db", [{ host: "::1", port: 1 }], { database: "db" }],
    ["postgres:///db", [{ host: "localhost", port: 5432 }], { database: "db" }],
    ["postgres://u@%2Frun%2Fpg/db", [{ host: "/run/pg", port: 5432 }], { user: "u", database: "db" }],
    ["postgres:///db?host=/run/pg&port=2", [{ host: "/run/pg", port: 2 }], { database: "db" }],
    [
      "postgres://h/d%20b?application_name=x&options=-c%20a%3Db",
      [{ host: "h", port: 5432 }],
      {
        database: "d b",
        application_name: "x",
        options: "-c a=b",
      },
    ],
  ])("%s", (url, hosts, login) => {
    expect(readPostgresUrl(url)).toEqual({ hosts, login, choosing: false, tls: null });
  });

  test.each([
    ["postgres://u:p@a:1,b:2,[::1]/db", ["a:1", "b:2", "::1:5432"]],
    ["postgres://a,b/db?target_session_attrs=read-write", ["a:5432", "b:5432"]],
    ["postgres:///db?host=a,b&port=1", ["a:1", "b:1"]],
    ["postgres:///db?host=a,b&port=1,2", ["a:1", "b:2"]],
    ["postgres://a/db?target_session_attrs=primary", ["a:5432"]],
  ])("%s is asked who accepts writes", (url, places) => {
    const { hosts, choosing } = readPostgresUrl(url);
    expect(hosts.map(({ host, port }) => `${host}:${port}`)).toEqual(places);
    expect(choosing).toBe(true);
  });

  test.each([
    ["mysql://h/db", /starts with postgres/],
    ["postgres://h/db#x", /starts with postgres/],
    ["postgres://u:%zz@h/db", /percent-encoding/],
    ["postgres://h:0/db", /not a port/],
    ["postgres://h:65536/db", /not a port/],
    ["postgres://h:5432x/db", /not a port/],
    ["postgres://::1/db", /is not a/],
    ["postgres:///db?host=a,b,c&port=1,2", /one for each/],
    ["postgres://a,b/db?target_session_attrs=standby", /refuses writes/],
    ["postgres://h/db?ssl=true", /parameter ssl/],
    ["postgres://h/db?statement_timeout=0", /parameter statement_timeout/],
  ])("%s is refused", (url, fault) => {
    expect(() => readPostgresUrl(url)).toThrow(fault);
  });
});

describe("TLS", () => {
  test("means what libpq means by it", () => {
    expect(tls("sslmode=disable")).toBeNull();
    expect(tls("sslmode=require")).toEqual({ rejectUnauthorized: false });
    const anyName = { ca: expect.stringContaining("BEGIN CERTIFICATE"), checkServerIdentity: expect.any(Function) };
    expect(tls(`sslmode=require&sslrootcert=${caFile}`)).toEqual(anyName);
    expect(tls(`sslmode=verify-ca&sslrootcert=${caFile}&uselibpqcompat=true`)).toEqual(anyName);
    expect(tls(`sslmode=verify-full&sslrootcert=${caFile}`)).toEqual({ ca: anyName.ca });
    expect(tls("sslmode=verify-full")).toEqual({});
    expect(tls("sslmode=verify-full&sslrootcert=system")).toEqual({});
    const pair = { cert: expect.stringContaining("CERTIFICATE"), key: expect.stringContaining("PRIVATE KEY") };
    expect(tls(`sslmode=verify-full&sslcert=${certificateFile}&sslkey=${keyFile}`)).toEqual(pair);
  });

  test.each([
    ["sslmode=prefer", /without TLS/],
    ["sslmode=allow", /without TLS/],
    ["sslmode=no-verify", /called require/],
    ["sslmode=verify", /none of disable, require/],
    ["sslmode=", /none of disable, require/],
    [`sslrootcert=${caFile}`, /need sslmode/],
    [`sslmode=disable&sslcert=${certificateFile}`, /need sslmode/],
    ["sslmode=verify-ca", /needs the CA's certificate/],
    ["sslmode=require&sslrootcert=system", /needs sslmode=verify-full/],
    [`sslmode=require&sslcert=${certificateFile}`, /both or neither/],
    [`sslmode=require&sslcert=${certificateFile}&sslkey=${strange}`, /do not go together/],
    [`sslmode=require&sslcert=${caFile}&sslkey=${keyFile}`, /do not go together/],
    [`sslmode=verify-full&sslrootcert=${folder}/none.pem`, /none\.pem cannot be read \(ENOENT\)/],
    [`sslmode=verify-full&sslrootcert=${folder}`, /cannot be read \(EISDIR\)/],
    [`sslmode=verify-full&sslrootcert=${strange}`, /holds no certificate/],
    [`sslmode=verify-full&sslrootcert=${broken}`, /broken certificate/],
  ])("%s is refused at the start, without a word of the password", (query, fault) => {
    const secret = "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1";
    const DATABASE_URL = `postgres://u:hidden-word@h/db?${query}`;
    const rest = { REDIS_URL: "redis://h", SESSION_SECRETS: secret, KRATOS_HOOK_SECRET: secret };
    const load = () => loadConfig({ ...rest, DATABASE_URL });
    expect(load).toThrow(fault);
    expect(load).toThrow(/^The settings are not valid:\n {2}- DATABASE_URL: /);
    expect(load).not.toThrow("hidden-word");
  });
});
