import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import knex, { type Knex } from "knex";
import { CHECKOUT } from "../../../scripts/checkout.ts";
import { findFreePort } from "../../../scripts/free-port.ts";
import { runOrThrow } from "../../../scripts/run-command.ts";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { type SmtpTestServer, startSmtpServer } from "../support/smtp-server.ts";
import type { Ledger } from "./ledger.ts";
import { type Replica, startReplica } from "./soak-replica.ts";
import { startWitnessApplication, type WitnessApplication } from "./witness-application.ts";

/** Two replicas as operators run them, the parts behind them, and an application. */
export type SoakWorld = {
  readonly stack: TestStack;
  /** The first one is never killed. */
  readonly replicas: readonly [Replica, Replica];
  /** What people have in their browser's address bar; nothing listens there. */
  readonly origin: string;
  readonly application: WitnessApplication;
  readonly mails: SmtpTestServer;
  /** The gateway's database, past all faults. */
  readonly database: Knex;
  readonly stop: () => Promise<void>;
};

const secret = () => randomBytes(32).toString("base64url");

function settingsOf(origin: string, hookSecret: string): Record<string, string> {
  return {
    NODE_ENV: "production",
    PUBLIC_URL: origin,
    TRUSTED_PROXIES: "127.0.0.1/32",
    SESSION_SECRETS: secret(),
    KRATOS_HOOK_SECRET: hookSecret,
    UPSTREAM_TIMEOUT: "5s",
    // All people come from one address.
    RATE_LIMIT_FACTOR: "1000",
  };
}

/** @param logs a folder for the replicas' logs; what is in it goes. */
export async function startSoakWorld(ledger: Ledger, logs: string): Promise<SoakWorld> {
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const [publicPort, ...operatorPorts] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const origin = `http://localhost:${publicPort}`;
  const hookSecret = secret();
  const hooks = { url: `http://127.0.0.1:${operatorPorts[0]}/hooks/kratos`, secret: hookSecret };
  const stack = await startTestStack({ publicUrl: origin, durable: true, hooks });
  const stops: (() => unknown)[] = [stack.stop];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const application = await startWitnessApplication(ledger);
    stops.push(application.crash);
    const mails = await startSmtpServer();
    stops.push(mails.close);
    const env = settingsOf(origin, hookSecret);
    const migration = { ...env, PATH: process.env.PATH, DATABASE_URL: stack.databaseUrl, REDIS_URL: stack.redisUrl };
    await runOrThrow(process.execPath, ["gateway/src/migrate.ts", "latest"], { cwd: CHECKOUT, env: migration });
    const log = { warn: () => undefined, error: () => undefined };
    const database = knex({ client: "pg", connection: stack.databaseUrl, pool: { min: 0, max: 2 }, log });
    stops.push(() => database.destroy());
    const targets = {
      kratosPublic: stack.kratosPublicUrl,
      kratosAdmin: stack.kratosAdminUrl,
      redis: stack.redisUrl,
      postgres: stack.databaseUrl,
      smtp: `smtp://127.0.0.1:${mails.port}`,
      upstream: application.url.href,
    };
    const [here = 0, there = 0] = operatorPorts;
    const replicas = await Promise.all([
      startReplica("first", targets, here, env, logs),
      startReplica("second", targets, there, env, logs),
    ]);
    for (const replica of replicas) stops.push(replica.stop);
    return { stack, replicas, origin, application, mails, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
