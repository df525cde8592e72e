import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase } from "../src/database.ts";
import { askPostgres } from "../src/postgres-errors.ts";
import { exitOf, processSettings, runGateway } from "./support/gateway-process.ts";
import { makeCertificates } from "./support/postgres-certificates.ts";
import {
  allowFirst,
  giveFile,
  makeServerFolder,
  newTestPostgres,
  type TestPostgres,
} from "./support/postgres-server.ts";

const CERTIFIED = "certified";
const folder = makeServerFolder();
let server: TestPostgres;
let plain: TestPostgres;
let files: Awaited<ReturnType<typeof makeCertificates>>;

beforeAll(async () => {
  files = await makeCertificates(folder.path, ["localhost"], CERTIFIED);
  const names = ["ssl=on", "ssl_cert_file=server.pem", "ssl_key_file=server-key.pem", "ssl_ca_file=ca.pem"];
  server = await newTestPostgres(join(folder.path, "tls"), names);
  await giveFile(server, "server.pem", files.server.cert);
  await giveFile(server, "server-key.pem", files.server.key);
  await giveFile(server, "ca.pem", files.ca);
  // By its certificate alone; whoever does not encrypt gets no further than here.
  allowFirst(server, [`hostssl all ${CERTIFIED} 127.0.0.1/32 cert`, `host all ${CERTIFIED} 127.0.0.1/32 reject`]);
  plain = await newTestPostgres(join(folder.path, "plain"));
  await Promise.all([server.part.start(), plain.part.start()]);
  await server.sql(`CREATE ROLE ${CERTIFIED} LOGIN`);
});
afterAll(async () => {
  await Promise.all([server.part.stop(), plain.part.stop()]);
  folder.remove();
});

/** The server's address by a name and with parameters. */
function url(parameters: string, host = "localhost", to = server): string {
  return `${to.url("gateway").replace("127.0.0.1", host)}?${parameters}`;
}

/** Whether a connection made with this URL is encrypted, and as whom. */
async function connected(address: string): Promise<{ ssl: boolean; user: string }> {
  const database = createDatabase(address);
  try {
    return await askPostgres(async () => {
      const { rows } = await database.raw(
        "SELECT ssl, usename AS user FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()",
      );
      return rows[0];
    });
  } finally {
    await database.destroy();
  }
}

const encrypted = { ssl: true, user: "passbridge" };

test("sslmode decides whether TLS is spoken, and whose word is taken", async () => {
  const ca = `&sslrootcert=${files.caFile}`;
  expect(await connected(url("sslmode=disable"))).toEqual({ ...encrypted, ssl: false });
  expect(await connected(url("application_name=x"))).toEqual({ ...encrypted, ssl: false });
  expect(await connected(url("sslmode=require"))).toEqual(encrypted);
  expect(await connected(url(`sslmode=require${ca}`, "127.0.0.1"))).toEqual(encrypted);
  expect(await connected(url(`sslmode=verify-ca${ca}`, "127.0.0.1"))).toEqual(encrypted);
  expect(await connected(url(`sslmode=verify-full${ca}`))).toEqual(encrypted);
  expect(await connected(url(`sslmode=verify-full${ca}&target_session_attrs=read-write`))).toEqual(encrypted);
});

test("a client's certificate stands in for a password", async () => {
  const pair = `&sslcert=${files.certFile}&sslkey=${files.keyFile}`;
  const certified = (parameters: string) => connected(url(parameters).replace(/\/\/[^@]+@/, `//${CERTIFIED}@`));
  expect(await certified(`sslmode=verify-full&sslrootcert=${files.caFile}${pair}`)).toEqual({
    ssl: true,
    user: CERTIFIED,
  });
  await expect(certified("sslmode=require")).rejects.toMatchObject({ dependency: "postgres" });
});

const refusals = (): [address: string, reason: RegExp][] => [
  [url(`sslmode=verify-full&sslrootcert=${files.otherCaFile}`), /unable to verify|self-signed|issuer/],
  [url(`sslmode=verify-ca&sslrootcert=${files.otherCaFile}`), /unable to verify|self-signed|issuer/],
  [url(`sslmode=require&sslrootcert=${files.otherCaFile}`), /unable to verify|self-signed|issuer/],
  [url("sslmode=verify-full"), /unable to verify|self-signed|issuer/],
  [url(`sslmode=verify-full&sslrootcert=${files.caFile}`, "127.0.0.1"), /does not match certificate's altnames/],
  [url("sslmode=require", "127.0.0.1", plain), /does not support SSL/],
];

test("a wrong CA, a wrong host and a server without TLS are refused, as an outage", async () => {
  for (const [address, reason] of refusals()) {
    await expect(connected(address)).rejects.toMatchObject({
      dependency: "postgres",
      cause: { message: expect.stringMatching(reason) },
    });
  }
});

const MIGRATE = join(import.meta.dirname, "../src/migrate.ts");

async function migrateWith(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MIGRATE, "latest"], { env: { PATH: process.env.PATH, ...env } });
  const [code, out, errors] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)]);
  return { code, said: out + errors };
}

test("operators read why: the gateway that does not start, and the migration", async () => {
  const [wrongCa, , , , wrongHost] = refusals().map(([address]) => address);
  const right = url(`sslmode=verify-full&sslrootcert=${files.caFile}&target_session_attrs=read-write`);
  const { env } = await processSettings(wrongCa ?? "", 9);
  const { child, output } = runGateway(env);
  const [started, refused, migrated] = await Promise.all([
    exitOf(child),
    migrateWith({ ...env, DATABASE_URL: wrongHost ?? "" }),
    migrateWith({ ...env, DATABASE_URL: right }),
  ]);
  expect(started).toBe(1);
  expect(output.join("")).toMatch(
    /^The gateway could not start: PostgreSQL cannot be asked: .*(verify|self-signed|issuer)/m,
  );
  expect(refused).toEqual({
    code: 1,
    said: expect.stringMatching(/^The migration failed: .*does not match certificate's altnames/),
  });
  expect(migrated).toEqual({ code: 0, said: expect.stringMatching(/^latest: /) });
});
