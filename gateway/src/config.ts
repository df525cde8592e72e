import { z } from "zod";
import { cookieDomainFaults, metadataFaults, relyingPartyFaults, secretFaults } from "./config-faults.ts";
import {
  cidrList,
  cookieDomain,
  databaseUrl,
  duration,
  fileText,
  headerSecrets,
  list,
  mailAddress,
  originList,
  serviceUrl,
  serviceUrls,
  workerCount,
} from "./config-values.ts";
import { redisFaults, toRedisSettings } from "./redis/redis-settings.ts";

const SHORTEST_LOOK = 1_000;
const LONGEST_LOOK = 3_600_000;

const environment = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PUBLIC_URL: serviceUrl(["http:", "https:"]).default(new URL("http://localhost:8080")),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  OPERATOR_HOST: z.string().min(1).default("127.0.0.1"),
  OPERATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  UPSTREAM_URL: serviceUrl(["http:", "https:"]).default(new URL("http://127.0.0.1:3000")),
  UPSTREAM_TIMEOUT: duration().default(30_000),
  ROUTES_FILE: z.string().min(1).optional(),
  PAGES_DIR: z.string().min(1).optional(),
  PAGES_CONFIG_FILE: z.string().min(1).optional(),
  TLS_CERT_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
  KRATOS_PUBLIC_URL: serviceUrl(["http:", "https:"]).default(new URL("http://127.0.0.1:4433")),
  KRATOS_ADMIN_URL: serviceUrl(["http:", "https:"]).default(new URL("http://127.0.0.1:4434")),
  KRATOS_TIMEOUT: duration().default(3_000),
  KRATOS_HOOK_SECRET: headerSecrets(),
  DATABASE_URL: databaseUrl(),
  REDIS_URL: serviceUrls(["redis:", "rediss:"]),
  REDIS_MODE: z.enum(["single", "sentinel", "cluster"]).default("single"),
  REDIS_SENTINEL_MASTER: z.string().min(1).optional(),
  REDIS_SENTINEL_USERNAME: z.string().min(1).optional(),
  REDIS_SENTINEL_PASSWORD: z.string().min(1).optional(),
  REDIS_CA_FILE: fileText().optional(),
  REDIS_CERT_FILE: fileText().optional(),
  REDIS_KEY_FILE: fileText().optional(),
  SESSION_SECRETS: list().pipe(z.array(z.string()).min(1, "needs at least one secret")),
  SESSION_IDLE_TIMEOUT: duration().default(30 * 60_000),
  SESSION_MAX_AGE: duration().default(24 * 3_600_000),
  PRIVILEGED_MAX_AGE: duration().default(15 * 60_000),
  COOKIE_DOMAIN: cookieDomain().optional(),
  PASSKEY_RP_ID: z.string().min(1).optional(),
  PASSKEY_RP_NAME: z.string().min(1).max(64).default("Passbridge"),
  PASSKEY_RELATED_ORIGINS: originList().default([]),
  MAX_PASSKEYS_PER_USER: z.coerce.number().int().min(1).max(100).default(20),
  FIDO_METADATA_FILE: z.string().min(1).optional(),
  FIDO_METADATA_URL: serviceUrl(["http:", "https:"]).optional(),
  FIDO_METADATA_ROOT_FILE: z.string().min(1).optional(),
  // No more spellings than Kratos takes, which reads the same setting.
  CODE_SIGN_IN: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
  FIDO_CONFORMANCE: z.stringbool().default(false),
  CHALLENGE_TTL: duration().default(5 * 60_000),
  PASSKEY_SESSION_CACHE_TTL: duration().default(30_000),
  KRATOS_SESSION_CACHE_TTL: duration().default(5_000),
  IDENTITY_CACHE_TTL: duration().default(30_000),
  TRUSTED_PROXIES: cidrList().default([]),
  RATE_LIMIT_FACTOR: z.coerce.number().positive().max(1_000_000).default(1),
  SMTP_URL: serviceUrl(["smtp:", "smtps:"]).default(new URL("smtp://127.0.0.1:1025/?disable_starttls=true")),
  MAIL_FROM: mailAddress().default("no-reply@passbridge.localhost"),
  SHUTDOWN_DELAY: duration().default(1_000),
  SHUTDOWN_TIMEOUT: duration().default(20_000),
  WORKERS: workerCount().default(1),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

type Environment = z.infer<typeof environment>;

/** The gateway's settings: every duration in milliseconds, every URL parsed. */
export type Config = ReturnType<typeof toConfig>;

/** All faults of the settings at once, one line each, fit to be shown to an operator. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(["The settings are not valid:", ...faults.map((fault) => `  - ${fault}`)].join("\n"));
    this.faults = faults;
  }
}

function crossFieldFaults(env: Environment): string[] {
  const rpId = env.PASSKEY_RP_ID ?? env.PUBLIC_URL.hostname;
  const faults = [
    ...secretFaults("SESSION_SECRETS", env.SESSION_SECRETS, env.NODE_ENV === "development"),
    ...secretFaults("KRATOS_HOOK_SECRET", env.KRATOS_HOOK_SECRET, env.NODE_ENV === "development"),
    ...relyingPartyFaults(env.PUBLIC_URL, rpId),
    ...cookieDomainFaults(env.PUBLIC_URL, env.COOKIE_DOMAIN),
    ...metadataFaults(env),
    ...redisFaults(env),
  ];
  if (Boolean(env.TLS_CERT_FILE) !== Boolean(env.TLS_KEY_FILE)) {
    faults.push("TLS_CERT_FILE and TLS_KEY_FILE: set both or neither");
  }
  if (env.FIDO_CONFORMANCE && env.NODE_ENV !== "development") {
    faults.push("FIDO_CONFORMANCE: lets anyone register test credentials; allowed with NODE_ENV=development only");
  }
  if (env.SESSION_IDLE_TIMEOUT > env.SESSION_MAX_AGE) {
    faults.push("SESSION_IDLE_TIMEOUT: cannot be longer than SESSION_MAX_AGE");
  }
  return faults;
}

/** A prefix has browsers hold the cookie to its attributes; `__Host-` allows no Domain (RFC 6265bis, section 4.1.3). */
function sessionCookieName(secure: boolean, domain: string | undefined): string {
  if (!secure) return "passbridge_session";
  return domain === undefined ? "__Host-passbridge_session" : "__Secure-passbridge_session";
}

function toConfig(env: Environment) {
  const secure = env.PUBLIC_URL.protocol === "https:";
  return Object.freeze({
    logLevel: env.LOG_LEVEL,
    publicUrl: env.PUBLIC_URL,
    listen: { host: env.HOST, port: env.PORT },
    operator: { host: env.OPERATOR_HOST, port: env.OPERATOR_PORT },
    /** Folder of the built pages; undefined: the one beside the gateway. */
    pagesDir: env.PAGES_DIR,
    pagesConfigFile: env.PAGES_CONFIG_FILE,
    /** Files in PEM; null: plain http, or TLS ends before the gateway. */
    tls: env.TLS_CERT_FILE && env.TLS_KEY_FILE ? { cert: env.TLS_CERT_FILE, key: env.TLS_KEY_FILE } : null,
    upstream: { url: env.UPSTREAM_URL, timeout: env.UPSTREAM_TIMEOUT },
    /** The route rules (gateway.yml); undefined: everything needs a session. */
    routesFile: env.ROUTES_FILE,
    kratos: {
      publicUrl: env.KRATOS_PUBLIC_URL,
      adminUrl: env.KRATOS_ADMIN_URL,
      timeout: env.KRATOS_TIMEOUT,
      sessionCacheTtl: env.KRATOS_SESSION_CACHE_TTL,
      identityCacheTtl: env.IDENTITY_CACHE_TTL,
    },
    /** By any of them the gateway knows that a web hook comes from Kratos. */
    kratosHookSecrets: env.KRATOS_HOOK_SECRET,
    databaseUrl: env.DATABASE_URL,
    redis: toRedisSettings(env),
    session: {
      cookieName: sessionCookieName(secure, env.COOKIE_DOMAIN),
      /** Hosts below it get the session cookies as well; null: PUBLIC_URL's host alone. */
      cookieDomain: env.COOKIE_DOMAIN ?? null,
      secrets: env.SESSION_SECRETS,
      idleTimeout: env.SESSION_IDLE_TIMEOUT,
      /** How often what outlives its request looks whether Kratos, which tells nobody, ended its session. */
      lookInterval: Math.min(Math.max(SHORTEST_LOOK, env.IDENTITY_CACHE_TTL), LONGEST_LOOK),
      maxAge: env.SESSION_MAX_AGE,
      /** How long a session read from Redis is kept in memory at most; 0: no longer than its request. */
      cacheTtl: env.PASSKEY_SESSION_CACHE_TTL,
      privilegedMaxAge: env.PRIVILEGED_MAX_AGE,
      secure,
    },
    passkeys: {
      rpId: env.PASSKEY_RP_ID ?? env.PUBLIC_URL.hostname,
      rpName: env.PASSKEY_RP_NAME,
      /** PUBLIC_URL's origin first, then the related ones. */
      origins: [...new Set([env.PUBLIC_URL.origin, ...env.PASSKEY_RELATED_ORIGINS])],
      maxPerUser: env.MAX_PASSKEYS_PER_USER,
      challengeTtl: env.CHALLENGE_TTL,
    },
    /** FIDO metadata: from a file, a server or neither; and the roots to trust, in PEM, instead of the FIDO Alliance's. */
    metadata: {
      file: env.FIDO_METADATA_FILE,
      url: env.FIDO_METADATA_URL,
      rootFile: env.FIDO_METADATA_ROOT_FILE,
    },
    /** Kratos' passwordless e-mail code as a third way to sign in. */
    codeSignIn: env.CODE_SIGN_IN,
    /** The API of the FIDO2 server conformance tool; in development alone. */
    fidoConformance: env.FIDO_CONFORMANCE,
    /** The mail server, as Kratos takes its address, and the address mails come from; their name is the relying party's. */
    mail: { url: env.SMTP_URL, from: env.MAIL_FROM },
    trustedProxies: env.TRUSTED_PROXIES,
    rateLimitFactor: env.RATE_LIMIT_FACTOR,
    /** How long a stop waits until the one in front has noticed, and then for what is under way. */
    shutdown: { delay: env.SHUTDOWN_DELAY, timeout: env.SHUTDOWN_TIMEOUT },
    /** Processes that share the ports. */
    workers: env.WORKERS,
  });
}

/** Settings that are set but empty count as unset: compose and shells write `NAME=` for "not given". */
function withoutEmpty(source: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(source).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim()));
  return Object.fromEntries(entries);
}

/**
 * Reads the settings from the environment.
 * @param source the environment; process.env unless a test gives its own.
 * @returns a frozen Config.
 * @throws ConfigError naming every fault at once.
 */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(withoutEmpty(source));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
  }
  const faults = crossFieldFaults(parsed.data);
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(parsed.data);
}
