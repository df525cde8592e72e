import { randomBytes, randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import knex from "knex";
import { inject } from "vitest";
import { type Config, loadConfig } from "../../src/config.ts";
import type { GatewayOverrides } from "../../src/create-adapters.ts";
import { createDatabase, migrateLatest } from "../../src/database.ts";
import { createGateway, type Gateway } from "../../src/gateway.ts";
import { createHttpServer, type ServerLimits } from "../../src/http-server.ts";
import { createLogger } from "../../src/operations/logger.ts";
import { readPostgresUrl } from "../../src/postgres-url.ts";
import type { SharedStack } from "./global-setup.ts";
import { noteSecrets, runLog } from "./run-log.ts";

export type RunningGateway = {
  readonly origin: string;
  readonly config: Config;
  readonly server: Server;
  readonly gateway: Gateway;
  readonly stop: () => Promise<void>;
};

export type GatewayOptions = {
  readonly stack?: Pick<SharedStack, "databaseUrl" | "redisUrl" | "kratosPublicUrl" | "kratosAdminUrl" | "smtpUrl">;
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: GatewayOverrides;
  readonly limits?: Partial<ServerLimits>;
};

const SECRET = randomBytes(32).toString("base64url");

/** An empty database of its own, migrated. */
export async function createTestDatabase(url = inject("stack").databaseUrl): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = knex({ client: "pg", connection: url });
  await admin.raw("CREATE DATABASE ??", [name]);
  await admin.destroy();
  const own = new URL(url);
  own.pathname = `/${name}`;
  const database = createDatabase(own.href);
  await migrateLatest(database);
  await database.destroy();
  return own.href;
}

const passwordOf = (url: string) => new URL(url).password;

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** A whole gateway on a free port, over real parts. Stop it when done. */
export async function startGateway(options: GatewayOptions = {}): Promise<RunningGateway> {
  const stack = options.stack ?? inject("stack");
  const proxies = options.env?.TRUSTED_PROXIES?.split(",") ?? [];
  const { server, serve } = createHttpServer({ tls: null, trustedProxies: proxies, limits: options.limits ?? {} });
  const port = await listen(server);
  const origin = `http://localhost:${port}`;
  const config = loadConfig({
    NODE_ENV: "test",
    LOG_LEVEL: "trace",
    PUBLIC_URL: origin,
    DATABASE_URL: stack.databaseUrl,
    REDIS_URL: stack.redisUrl,
    KRATOS_PUBLIC_URL: stack.kratosPublicUrl,
    KRATOS_ADMIN_URL: stack.kratosAdminUrl,
    SMTP_URL: stack.smtpUrl,
    SESSION_SECRETS: SECRET,
    KRATOS_HOOK_SECRET: SECRET,
    RATE_LIMIT_FACTOR: "1000",
    ...options.env,
  });
  noteSecrets({
    secret: [
      ...config.session.secrets,
      readPostgresUrl(config.databaseUrl).login.password ?? "",
      ...config.redis.urls.map(passwordOf),
    ],
  });
  const gateway = await createGateway(config, { log: createLogger(config, runLog), ...options.overrides });
  serve(gateway);
  return {
    origin,
    config,
    server,
    gateway,
    stop: async () => {
      gateway.startStopping();
      gateway.sendAway();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await gateway.close();
    },
  };
}
