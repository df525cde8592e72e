import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "./checkout.ts";
import { withFileLock } from "./file-lock.ts";
import { findFreePort } from "./free-port.ts";
import { findPostgresPrograms } from "./parts/find-program.ts";
import { migrateKratos } from "./parts/kratos.ts";
import { isKratosBuilt, kratosBinaryPath } from "./parts/kratos-binary.ts";
import { createPart } from "./parts/part.ts";
import { planPostgres, postgresUrl } from "./parts/postgres.ts";
import { runOrThrow } from "./run-command.ts";

const LOCK_TIMEOUT = 120_000;
/** Raised when what the template holds changes. */
const TEMPLATE_VERSION = 1;

/** Nothing survives a crash and nothing has to: a test's database lives as long as its stack. */
export const TEST_POSTGRES_SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_wal_size=256MB",
];

function templateFolder(): string {
  const programs = findPostgresPrograms() ?? "none";
  const migrated = isKratosBuilt() ? kratosBinaryPath() : "no kratos";
  const digest = createHash("sha256").update([TEMPLATE_VERSION, programs, migrated].join("\n")).digest("hex");
  return join(cacheFolder(), `test-postgres-${digest.slice(0, 12)}`);
}

async function makeTemplate(target: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "passbridge-template-"));
  chmodSync(work, 0o711);
  const options = {
    dataDir: join(work, "data"),
    port: await findFreePort(),
    password: randomBytes(16).toString("hex"),
    serverSettings: TEST_POSTGRES_SETTINGS,
    initdbArgs: ["--no-sync", "--wal-segsize=1"],
  };
  const server = createPart(await planPostgres(options), join(work, "postgres.log"));
  const draft = `${target}.draft-${process.pid}`;
  try {
    await server.start();
    if (isKratosBuilt())
      await migrateKratos(kratosBinaryPath(), templateKratosSettings(postgresUrl(options, "kratos")));
    await server.stop();
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    await runOrThrow("cp", ["-a", options.dataDir, join(draft, "data")]);
    writeFileSync(join(draft, "password"), options.password, { mode: 0o600 });
    renameSync(draft, target);
  } finally {
    await server.stop();
    rmSync(draft, { recursive: true, force: true });
    rmSync(work, { recursive: true, force: true });
  }
}

function templateKratosSettings(databaseUrl: string) {
  const unused = "0".repeat(32);
  return {
    publicUrl: "http://localhost:8080",
    databaseUrl: `${databaseUrl}?sslmode=disable`,
    smtpUrl: "smtp://127.0.0.1:1025",
    mailFrom: "no-reply@passbridge.localhost",
    brandName: "Passbridge",
    cookieSecrets: unused,
    cipherSecrets: unused,
    host: "127.0.0.1",
    publicPort: 4433,
    adminPort: 4434,
    sessionLifespan: "24h",
    privilegedMaxAge: "15m",
    breachCheck: false,
    codeSignIn: false,
    cookieDomain: "",
    hooks: null,
  };
}

/**
 * Copies an initialised data folder whose database `kratos` is migrated already: seconds saved for every test file.
 * The template is made once and kept in the cache.
 * @returns the password of the server's owner.
 */
export async function copyPostgresTemplate(dataDir: string): Promise<string> {
  const template = templateFolder();
  if (!existsSync(template)) {
    mkdirSync(dirname(template), { recursive: true });
    const task = async () => {
      if (!existsSync(template)) await makeTemplate(template);
    };
    await withFileLock(`${template}.lock`, task, { timeout: LOCK_TIMEOUT });
  }
  await runOrThrow("cp", ["-a", join(template, "data"), dataDir]);
  return readFileSync(join(template, "password"), "utf8");
}
