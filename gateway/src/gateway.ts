import type { IncomingMessage, RequestListener } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import type { Express } from "express";
import { createAccounts } from "./accounts/create-accounts.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { createAdapters, type GatewayOverrides, type OwnAdapters } from "./create-adapters.ts";
import { type BrowserBinding, createBrowserBinding } from "./http/browser-binding.ts";
import { createApi } from "./http/create-api.ts";
import { createConformance } from "./http/create-conformance.ts";
import { createExits, createHttpExits } from "./http/create-exits.ts";
import { createKratosHookApi } from "./http/create-kratos-hooks.ts";
import { createFrontDoor, type FrontDoorParts } from "./http/front-door.ts";
import { createBrowserResolver, createRequestResolver } from "./http/guards.ts";
import { createHealthRoutes } from "./http/health.ts";
import { createJwksRoute } from "./http/jwks-route.ts";
import { createOperatorApp } from "./http/operator-app.ts";
import { createOwnHost } from "./http/own-host.ts";
import { CONFORMANCE_PATH, isBelow, isOwnPath } from "./http/own-paths.ts";
import { createPageSettings } from "./http/page-settings.ts";
import { createPages } from "./http/pages.ts";
import { createProblemHandler } from "./http/problem-handler.ts";
import { createRequestLog } from "./http/request-log.ts";
import { createSameSiteGuard } from "./http/same-site.ts";
import { createSecurityHeaders, ownHead } from "./http/security-headers.ts";
import { createSessionBody } from "./http/session-body.ts";
import { createSessionCheck } from "./http/session-check.ts";
import { announceSignIns } from "./http/sign-in-news.ts";
import { createWellKnownRoutes } from "./http/well-known-routes.ts";
import { createLogger } from "./operations/logger.ts";
import { createMetrics, type Metrics } from "./operations/metrics.ts";
import { warnOfManyOrigins } from "./passkeys/related-origins.ts";
import { askPostgres } from "./postgres-errors.ts";
import { createLiveRules, type LiveRules } from "./routes/live-rules.ts";
import type { CurrentRules } from "./routes/route-decision.ts";
import { createSessions } from "./sessions/create-sessions.ts";
import { createUpstream } from "./upstream/create-upstream.ts";
import { createClientAddress } from "./upstream/forwarded-headers.ts";

export type Gateway = {
  /** For the server's request event. */
  readonly handle: RequestListener;
  /** For a port that only operators reach. */
  readonly operatorApp: Express;
  /** For the server's upgrade event: WebSockets to the upstream. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Reads the route rules anew; wrong ones are logged, and the old ones stay. Never rejects. */
  readonly reloadRules: LiveRules["reload"];
  /** From now on: not ready, and every answer closes its connection. */
  readonly startStopping: () => void;
  /** Ends event streams and WebSockets, also those that are opened from now on: they come back elsewhere. */
  readonly sendAway: () => void;
  /** Lets go of every part; call it when no request is under way. */
  readonly close: () => Promise<void>;
};

function createHealth({ kratos, redis, database }: OwnAdapters, isStopping: () => boolean) {
  const postgres = () => askPostgres(() => database.raw("SELECT 1"));
  return createHealthRoutes({ kratos: kratos.ready, redis: () => redis.ping(), postgres }, isStopping);
}

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

const countReloads = (reload: LiveRules["reload"], metrics: Metrics) => async () => {
  const result = await reload();
  metrics.countReload(result);
  return result;
};

function createStopping() {
  let stopping = false;
  return {
    isStopping: () => stopping,
    stop: () => {
      stopping = true;
    },
  };
}

function createOwnPaths({ fidoConformance }: Config): (path: string) => boolean {
  return (path) => isOwnPath(path) || (fidoConformance && isBelow(path, [CONFORMANCE_PATH]));
}

/** Who a request is from, in all the shapes that the rest asks for. */
function createWhoAsks(adapters: OwnAdapters, { session }: Config) {
  const binding = createBrowserBinding(session.secure);
  const own = createSessions(adapters);
  const sessions = { ...own, browser: announceSignIns(own.browser, { news: own, binding, config: session }) };
  const resolveBrowser = createBrowserResolver(sessions.resolve, sessions.browser);
  const resolve = createRequestResolver(resolveBrowser);
  return { sessions, binding, resolveBrowser, resolve, body: createSessionBody(adapters) };
}

type FrontParts = Omit<FrontDoorParts, "isOwn" | "sessionCheck" | "authz" | "proxy"> & {
  readonly exits: Omit<Parameters<typeof createHttpExits>[0], "resolve" | "head">;
};

function createFront(config: Config, who: ReturnType<typeof createWhoAsks>, { exits, ...parts }: FrontParts) {
  const head = ownHead(parts.securityHeaders);
  return createFrontDoor({
    ...parts,
    isOwn: createOwnPaths(config),
    sessionCheck: createSessionCheck(who.resolve, who.body, head),
    ...createHttpExits({ ...exits, resolve: who.resolveBrowser, head }),
  });
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
  const who = createWhoAsks(adapters, config);
  const { sessions, binding } = who;
  const exits = createExits(adapters, rules);
  const accounts = createAccounts(adapters, sessions);
  const upstream = await createUpstream(adapters, sessions, { accounts, ...exits });
  const { isStopping, stop } = createStopping();
  const api = createApi(adapters, sessions, accounts, who);
  const metrics = createMetrics(adapters.mail.waiting, overrides.shareMetrics);
  const health = createHealth(adapters, isStopping);
  const problems = createProblemHandler(log, metrics.countOutage, config.publicUrl);
  const securityHeaders = createSecurityHeaders(config.publicUrl);
  const app = createApp({
    trustedProxies: config.trustedProxies,
    health,
    securityHeaders,
    conformance: createConformance(adapters),
    pages: await createOwnPages(config, rules, binding),
    jwks: createJwksRoute(upstream.keys),
    wellKnown: createWellKnownRoutes(config),
    kratosProxy: upstream.kratosProxy,
    sameSite: createSameSiteGuard(config.passkeys.origins),
    api: api.router,
    problems,
  });
  const handle = createFront(config, who, {
    ...{ isStopping, securityHeaders, app, problems },
    requestLog: createRequestLog(log, metrics, createClientAddress(config.trustedProxies)),
    exits: { ...exits, tokens: upstream.tokens, sendOn: upstream.proxy },
  });
  adapters.mail.start();
  return {
    handle,
    operatorApp: createOperatorApp({ metrics, health, problems, kratosHooks: createKratosHookApi(adapters, sessions) }),
    upgrade: upstream.upgrade,
    reloadRules: countReloads(reload, metrics),
    startStopping: stop,
    sendAway: () => {
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
