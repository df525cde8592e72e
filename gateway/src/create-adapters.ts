import type { Logger } from "pino";
import type { Adapters } from "./adapters.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { createDatabase } from "./database.ts";
import { createCachedWhoami } from "./kratos/cached-whoami.ts";
import type { KratosClient } from "./kratos/kratos-client.ts";
import { createOryKratosClient } from "./kratos/ory-kratos-client.ts";
import { createSparedKratos } from "./kratos/spared-kratos.ts";
import { createMail, type Mail } from "./mail/create-mail.ts";
import { createAuditLog } from "./operations/audit-log.ts";
import { createLogger } from "./operations/logger.ts";
import type { ShareMetrics } from "./operations/metrics.ts";
import { createMetadata } from "./passkeys/create-metadata.ts";
import { createLivePolicy, policyChanged } from "./passkeys/live-policy.ts";
import { createPostgresPolicyStore } from "./passkeys/policy-store.ts";
import { createPostgresPasskeySummary } from "./passkeys/postgres-passkey-summary.ts";
import { type CurrentPolicy, firstPolicy } from "./policy/passkey-policy.ts";
import { createDeletions, type Deletions } from "./redis/redis-deletions.ts";
import { createRedis, createSubscriber, type Redis } from "./redis.ts";
import { KeyWatch } from "./redis-key-watch.ts";
import { createMessages, type Messages } from "./redis-messages.ts";
import type { CurrentRules } from "./routes/route-decision.ts";
import { createDecodedSessions } from "./sessions/decoded-sessions.ts";
import { createCacheDrops } from "./sessions/news-to-cache.ts";
import { createStoredSessions } from "./sessions/passkey-session-store.ts";
import { createSessionNews } from "./sessions/session-news.ts";

/** Where replicas tell each other that the policy changed. */
const POLICY_CHANNEL = "passbridge:policy-changed";

/** What a test or an embedding program may give instead of what the settings name. */
export type GatewayOverrides = {
  readonly clock?: Clock;
  readonly kratos?: KratosClient;
  readonly log?: Logger;
  readonly policy?: CurrentPolicy;
  readonly rules?: CurrentRules;
  /** Where this process is one of several that are one gateway. */
  readonly shareMetrics?: ShareMetrics;
};

/** Everything outside the process, and the way to let go of it. */
export type OwnAdapters = Adapters & { readonly mail: Mail; readonly close: () => Promise<void> };

function createPolicy({ config, log, database }: Pick<Adapters, "config" | "log" | "database">, messages: Messages) {
  return createLivePolicy({
    store: createPostgresPolicyStore(database, firstPolicy(config.passkeys.maxPerUser)),
    topic: messages.topic(POLICY_CHANNEL, policyChanged),
    log,
  });
}

/**
 * Sessions are read over a connection of their own: the server tells of changes to what was read over it.
 * @param onReadable told whenever that is there anew: what was kept before it, or while it was lost, nobody watched.
 */
function keepSessionsClose(
  { config, log }: Pick<OwnAdapters, "config" | "log">,
  redis: Redis,
  deletions: Deletions,
  onReadable: () => void,
) {
  const { cacheTtl } = config.session;
  const watch = new KeyWatch((key) => sessions.dropKey(key));
  const reader = cacheTtl > 0 ? createRedis(config.redis, log, { keyWatch: watch, deletions }) : redis;
  const sessions = createDecodedSessions(createStoredSessions(reader), cacheTtl);
  reader.on("ready", onReadable);
  if (reader === redis) return { ...sessions, close: () => undefined };
  reader.connect().catch(() => undefined);
  return { ...sessions, close: () => reader.destroy() };
}

/** Builds all of them; connects without waiting, as what is away may come back. */
export async function createAdapters(config: Config, overrides: GatewayOverrides): Promise<OwnAdapters> {
  const log = overrides.log ?? createLogger(config);
  const spared = createSparedKratos(createOryKratosClient(config.kratos), log);
  const kratos = overrides.kratos ?? spared;
  // Shared, so that no connection reads from a server what was deleted over another one.
  const deletions = createDeletions(config.redis.mode);
  const redis = createRedis(config.redis, log, { deletions });
  // Not awaited: a gateway that starts while Redis is away is not ready, and recovers by itself.
  redis.connect().catch((error: unknown) => log.warn({ err: error, dependency: "redis" }, "redis is away"));
  const database = createDatabase(config.databaseUrl, log);
  const base = { config, log, clock: overrides.clock ?? systemClock, audit: createAuditLog(log), database };
  const messages = createMessages(redis, createSubscriber(config.redis, log), log);
  const news = createSessionNews(messages, log);
  const whoami = createCachedWhoami(kratos, config.kratos.sessionCacheTtl);
  const passkeySummary = createPostgresPasskeySummary(database);
  const storedSessions = keepSessionsClose(base, redis, deletions, news.missed);
  news.subscribe(createCacheDrops(whoami));
  news.subscribe(createCacheDrops(storedSessions));
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
    storedSessions,
    close: async () => {
      policy.close();
      messages.close();
      storedSessions.close();
      metadata.close();
      spared.close();
      await mail.stop();
      await Promise.allSettled([redis.close(), database.destroy()]);
    },
  };
}
