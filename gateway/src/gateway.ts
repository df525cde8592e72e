import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Express } from "express";
import type { Logger } from "pino";
import { createAccounts } from "./accounts/create-accounts.ts";
import type { Adapters } from "./adapters.ts";
import { createApp } from "./app.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { createDatabase } from "./database.ts";
import { type BrowserBinding, createBrowserBinding } from "./http/browser-binding.ts";
import { createApi } from "./http/create-api.ts";
import { createConformance } from "./http/create-conformance.ts";
import { createExits, createHttpExits } from "./http/create-exits.ts";
import { createKratosHookApi } from "./http/create-kratos-hooks.ts";
import { createBrowserResolver, createRequestResolver } from "./http/guards.ts";
import { createHealthRoutes } from "./http/health.ts";
import { createJwksRoute } from "./http/jwks-route.ts";
import { createOperatorApp } from "./http/operator-app.ts";
import { createOwnHost } from "./http/own-host.ts";
import { createPageSettings } from "./http/page-settings.ts";
import { createPages } from "./http/pages.ts";
import { createProblemHandler } from "./http/problem-handler.ts";
import { createRequestLog } from "./http/request-log.ts";
import { createSameSiteGuard } from "./http/same-site.ts";
import { createSecurityHeaders } from "./http/security-headers.ts";
import { announceSignIns } from "./http/sign-in-news.ts";
import { createCloseWhileStopping } from "./http/small-handlers.ts";
import { createWellKnownRoutes } from "./http/well-known-routes.ts";
import { createCachedWhoami } from "./kratos/cached-whoami.ts";
import type { KratosClient } from "./kratos/kratos-client.ts";
import { createOryKratosClient } from "./kratos/ory-kratos-client.ts";
import { createMail, type Mail } from "./mail/create-mail.ts";
import { createAuditLog } from "./operations/audit-log.ts";
import { createLogger } from "./operations/logger.ts";
import { createMetrics } from "./operations/metrics.ts";
import { createMetadata } from "./passkeys/create-metadata.ts";
import { createLivePolicy, policyChanged } from "./passkeys/live-policy.ts";
import { createPostgresPolicyStore } from "./passkeys/policy-store.ts";
import { createPostgresPasskeySummary } from "./passkeys/postgres-passkey-summary.ts";
import { warnOfManyOrigins } from "./passkeys/related-origins.ts";
import { type CurrentPolicy, firstPolicy } from "./policy/passkey-policy.ts";
import { askPostgres } from "./postgres-errors.ts";
import { createRedis } from "./redis.ts";
import { createMessages, type Messages } from "./redis-messages.ts";
import { createLiveRules } from "./routes/live-rules.ts";
import type { CurrentRules } from "./routes/route-decision.ts";
import { createSessions } from "./sessions/create-sessions.ts";
import { createCacheDrops } from "./sessions/news-to-cache.ts";
import { createSessionNews } from "./sessions/session-news.ts";
import { createUpstream } from "./upstream/create-upstream.ts";

export type Gateway = {
  readonly app: Express;
  /** For a port that only operators reach. */
  readonly operatorApp: Express;
  /** For the server's upgrade event: WebSockets to the upstream. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Reads the route rules anew; wrong ones are logged, and the old ones stay. Never rejects. */
  readonly reloadRules: () => Promise<void>;
  /** From now on: not ready, and every answer closes its connection. */
  readonly startStopping: () => void;
  /** Lets go of every part; call it when no request is under way. */
  readonly close: () => Promise<void>;
};

/** What a test or an embedding program may give instead of what the settings name. */
export type GatewayOverrides = {
  readonly clock?: Clock;
  readonly kratos?: KratosClient;
  readonly log?: Logger;
  readonly policy?: CurrentPolicy;
  readonly rules?: CurrentRules;
};

type OwnAdapters = Adapters & { readonly mail: Mail; readonly close: () => Promise<void> };

function createPolicy({ config, log, database }: Pick<Adapters, "config" | "log" | "database">, messages: Messages) {
  return createLivePolicy({
    store: createPostgresPolicyStore(database, firstPolicy(config.passkeys.maxPerUser)),
    topic: messages.topic(POLICY_CHANNEL, policyChanged),
    log,
  });
}

async function createAdapters(config: Config, overrides: GatewayOverrides): Promise<OwnAdapters> {
  const log = overrides.log ?? createLogger(config);
  const kratos = overrides.kratos ?? createOryKratosClient(config.kratos);
  const redis = createRedis(config.redisUrl, log);
  // Not awaited: a gateway that starts while Redis is away is not ready, and recovers by itself.
  redis.connect().catch((error: unknown) => log.warn({ err: error, dependency: "redis" }, "redis is away"));
  const database = createDatabase(config.databaseUrl, log);
  const base = { config, log, clock: overrides.clock ?? systemClock, audit: createAuditLog(log), database };
  const messages = createMessages(redis, createRedis(config.redisUrl, log), log);
  const news = createSessionNews(messages, log);
  const whoami = createCachedWhoami(kratos, config.kratos.sessionCacheTtl);
  const passkeySummary = createPostgresPasskeySummary(database, base.clock);
  news.subscribe(createCacheDrops(whoami));
  news.subscribe(createCacheDrops({ ...passkeySummary, dropIdentity: passkeySummary.drop }));
  const policy = createPolicy(base, messages);
  const metadata = await createMetadata(base);
  const mail = createMail(base);
  return {
    ...base,
    kratos,
    redis,
    news,
    mail,
    policy: overrides.policy ?? policy.current,
    changePolicy: policy.change,
    passkeySummary: { ...passkeySummary, drop: (identityId) => news.changes.announce({ identityId }) },
    metadata,
    notices: mail.notify,
    whoami,
    close: async () => {
      policy.close();
      messages.close();
      metadata.close();
      await mail.stop();
      await Promise.allSettled([redis.close(), database.destroy()]);
    },
  };
}

function createHealth({ kratos, redis, database }: OwnAdapters, isStopping: () => boolean) {
  const postgres = () => askPostgres(() => database.raw("SELECT 1"));
  return createHealthRoutes({ kratos: kratos.ready, redis: () => redis.ping(), postgres }, isStopping);
}

/** Where replicas tell each other that the policy changed. */
const POLICY_CHANNEL = "passbridge:policy-changed";

const builtPages = () => {
  const frontend = createRequire(import.meta.url).resolve("@passbridge/frontend/package.json");
  return join(dirname(frontend), "dist/pages");
};

async function createOwnPages(config: Config, rules: CurrentRules, binding: BrowserBinding) {
  const settings = await createPageSettings(config, rules);
  const ownHost = createOwnHost(config.publicUrl, rules);
  return createPages(config.pagesDir ?? builtPages(), settings, { binding, ownHost });
}

async function createRoutes(config: Config, overrides: GatewayOverrides) {
  const { current, reload } = await createLiveRules({ config, log: overrides.log ?? createLogger(config) });
  return { rules: overrides.rules ?? current, reload };
}

/**
 * Builds a gateway: the only place where adapters are made.
 * @throws ConfigError when the pages' settings or the route rules are wrong, OutageError when Postgres cannot be asked
 * for the policy and the identity token's keys.
 */
export async function createGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const { rules, reload } = await createRoutes(config, overrides);
  const adapters = await createAdapters(config, overrides);
  const { log } = adapters;
  warnOfManyOrigins(config.passkeys.origins, log);
  await adapters.policy();
  const binding = createBrowserBinding(config.session.secure);
  const parts = createSessions(adapters);
  const browser = announceSignIns(parts.browser, { news: parts, binding, config: config.session });
  const sessions = { ...parts, browser };
  const resolveBrowser = createBrowserResolver(sessions.resolve, sessions.browser);
  const resolve = createRequestResolver(resolveBrowser);
  const exits = createExits(adapters, rules);
  const accounts = createAccounts(adapters, sessions);
  const upstream = await createUpstream(adapters, sessions, { accounts, ...exits });
  let stopping = false;
  const isStopping = () => stopping;

  const api = createApi(adapters, sessions, accounts, resolve, binding);
  const metrics = createMetrics(adapters.mail.waiting);
  const health = createHealth(adapters, isStopping);
  const problems = createProblemHandler(log, metrics.countOutage, config.publicUrl);
  const app = createApp({
    trustedProxies: config.trustedProxies,
    closeWhileStopping: createCloseWhileStopping(isStopping),
    health,
    requestLog: createRequestLog(log, metrics),
    securityHeaders: createSecurityHeaders(config.publicUrl),
    conformance: createConformance(adapters),
    pages: await createOwnPages(config, rules, binding),
    jwks: createJwksRoute(upstream.keys),
    wellKnown: createWellKnownRoutes(config),
    kratosProxy: upstream.kratosProxy,
    sameSite: createSameSiteGuard(config.passkeys.origins),
    api: api.router,
    ...createHttpExits({ ...exits, resolve: resolveBrowser, tokens: upstream.tokens }),
    upstreamProxy: upstream.proxy,
    problems,
  });
  adapters.mail.start();
  return {
    app,
    operatorApp: createOperatorApp({ metrics, health, problems, kratosHooks: createKratosHookApi(adapters, sessions) }),
    upgrade: upstream.upgrade,
    reloadRules: async () => metrics.countReload(await reload()),
    startStopping: () => {
      stopping = true;
      upstream.closeSockets();
      api.closeStreams();
    },
    close: async () => {
      upstream.close();
      await accounts.close();
      await adapters.close();
    },
  };
}
