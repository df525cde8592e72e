import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "./free-port.ts";
import { planKratos } from "./parts/kratos.ts";
import { ensureKratosBinary } from "./parts/kratos-binary.ts";
import type { KratosSettings } from "./parts/kratos-environment.ts";
import type { KratosHookSettings } from "./parts/kratos-hooks.ts";
import { planMail, smtpUrl } from "./parts/mail.ts";
import { createMailbox, type Mailbox } from "./parts/mailbox.ts";
import { createPart, type Part } from "./parts/part.ts";
import { ensureDatabase, type PostgresOptions, planPostgres, postgresUrl } from "./parts/postgres.ts";
import { planRedis, redisUrl } from "./parts/redis.ts";
import { copyPostgresTemplate, TEST_POSTGRES_SETTINGS } from "./test-postgres-template.ts";

export type PartName = "postgres" | "redis" | "kratos" | "mail";

export type TestStackOptions = {
  /** The origin the gateway under test is reached at: Kratos builds its links and cookies for it. */
  readonly publicUrl?: string;
  /** Only these; all unless given. kratos needs postgres and mail. */
  readonly parts?: readonly PartName[];
  /** Has Kratos sign people in with a code by e-mail. */
  readonly codeSignIn?: boolean;
  /** Has browsers send the session cookie to every host below it. */
  readonly cookieDomain?: string;
  /** Where Kratos tells of changes; nowhere unless given. */
  readonly hooks?: KratosHookSettings;
  /** Redis and PostgreSQL keep what they acknowledged when they are killed, as in production; otherwise they are fast. */
  readonly durable?: boolean;
  /** Further settings of Kratos by its environment names. */
  readonly kratosEnv?: Readonly<Record<string, string>>;
};

/** Real servers for tests on free ports, in a temporary folder. A part that was not asked for is there but not started. */
export type TestStack = {
  /** The database `gateway`. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kratosPublicUrl: string;
  readonly kratosAdminUrl: string;
  readonly smtpUrl: string;
  /** Of the mail catcher's API: for createMailbox in another process. */
  readonly mailUrl: string;
  readonly mail: Mailbox;
  readonly parts: Readonly<Record<PartName, Part>>;
  readonly postgres: Part;
  readonly redis: Part;
  readonly kratos: Part;
  readonly mailServer: Part;
  /** Makes an empty database and returns its URL; the name is letters, digits and underscores. */
  createDatabase(name: string): Promise<string>;
  /** Ends every part and removes the folder. */
  stop(): Promise<void>;
};

const ALL_PARTS: readonly PartName[] = ["postgres", "redis", "mail", "kratos"];
const secret = () => randomBytes(16).toString("hex");

async function planStack(folder: string, options: TestStackOptions, wanted: ReadonlySet<PartName>) {
  const ports: number[] = [];
  while (ports.length < 6) {
    const port = await findFreePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const [postgresPort = 0, redisPort = 0, smtpPort = 0, uiPort = 0, publicPort = 0, adminPort = 0] = ports;
  const dataDir = join(folder, "postgres");
  // Built before anything else, so that a first build does not count against another part's time.
  const binary = wanted.has("kratos") ? await ensureKratosBinary(console.error) : "kratos";
  const password = wanted.has("postgres") ? await copyPostgresTemplate(dataDir) : secret();
  const { durable = false } = options;
  const serverSettings = durable ? [] : TEST_POSTGRES_SETTINGS;
  const postgres: PostgresOptions = { dataDir, port: postgresPort, password, serverSettings };
  const redis = { dataDir: join(folder, "redis"), port: redisPort, password: secret(), persistent: durable };
  const kratos: KratosSettings = {
    publicUrl: options.publicUrl ?? "http://localhost:8080",
    databaseUrl: `${postgresUrl(postgres, "kratos")}?sslmode=disable`,
    smtpUrl: smtpUrl({ smtpPort }),
    mailFrom: "no-reply@passbridge.localhost",
    brandName: "Passbridge",
    cookieSecrets: secret(),
    cipherSecrets: secret(),
    host: "127.0.0.1",
    publicPort,
    adminPort,
    sessionLifespan: "24h",
    privilegedMaxAge: "15m",
    breachCheck: false,
    codeSignIn: options.codeSignIn ?? false,
    cookieDomain: options.cookieDomain ?? "",
    hooks: options.hooks ?? null,
    bcryptCost: 4,
  };
  return { binary, postgres, redis, kratos, mail: { smtpPort, uiPort } };
}

type StackPlan = Awaited<ReturnType<typeof planStack>>;

async function createParts(
  folder: string,
  plan: StackPlan,
  options: TestStackOptions,
): Promise<Record<PartName, Part>> {
  const log = (name: string) => join(folder, `${name}.log`);
  const kratos = planKratos(plan.binary, plan.kratos);
  return {
    postgres: createPart(await planPostgres(plan.postgres), log("postgres")),
    redis: createPart(planRedis(plan.redis), log("redis")),
    mail: createPart(planMail(plan.mail), log("mail")),
    kratos: createPart({ ...kratos, env: { ...kratos.env, ...options.kratosEnv } }, log("kratos")),
  };
}

/** PostgreSQL before Kratos, which migrates its database first; the others beside them. */
async function startParts(parts: Record<PartName, Part>, wanted: ReadonlySet<PartName>): Promise<void> {
  const start = async (...names: PartName[]) => {
    for (const name of names) if (wanted.has(name)) await parts[name].start();
  };
  const results = await Promise.allSettled([start("postgres", "kratos"), start("redis"), start("mail")]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/**
 * Starts real PostgreSQL, Redis, Kratos and a mail catcher for tests. Several stacks may run at once.
 * @throws Failure when a part is missing or does not start; nothing is left behind then.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const wanted = new Set(options.parts ?? ALL_PARTS);
  const folder = mkdtempSync(join(tmpdir(), "passbridge-test-"));
  chmodSync(folder, 0o711);
  const plan = await planStack(folder, options, wanted);
  const parts = await createParts(folder, plan, options);
  // A test run that ends without stop() leaves no rubbish either; the parts are killed by their own handlers.
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", removeFolder);
  const stop = async () => {
    await Promise.all([parts.kratos.stop(), parts.mail.stop(), parts.redis.stop()]);
    await parts.postgres.stop();
    process.off("exit", removeFolder);
    removeFolder();
  };
  try {
    await startParts(parts, wanted);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    databaseUrl: postgresUrl(plan.postgres, "gateway"),
    redisUrl: redisUrl(plan.redis),
    kratosPublicUrl: `http://127.0.0.1:${plan.kratos.publicPort}`,
    kratosAdminUrl: `http://127.0.0.1:${plan.kratos.adminPort}`,
    smtpUrl: plan.kratos.smtpUrl,
    mailUrl: `http://127.0.0.1:${plan.mail.uiPort}`,
    mail: createMailbox(`http://127.0.0.1:${plan.mail.uiPort}`),
    parts,
    postgres: parts.postgres,
    redis: parts.redis,
    kratos: parts.kratos,
    mailServer: parts.mail,
    createDatabase: async (name) => {
      await ensureDatabase(plan.postgres, name);
      return postgresUrl(plan.postgres, name);
    },
    stop,
  };
}
