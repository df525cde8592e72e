/** How the Redis servers belong together: one alone, a primary that sentinels name, or a cluster. */
export type RedisMode = "single" | "sentinel" | "cluster";

/** Where Redis is and how it is reached. */
export type RedisSettings = {
  readonly mode: RedisMode;
  /** The server; with sentinels these, of a cluster some of its servers. All alike but for host and port. */
  readonly urls: readonly string[];
  readonly sentinel: {
    /** The name under which the sentinels watch the primary. */
    readonly master: string;
    readonly username: string | undefined;
    readonly password: string | undefined;
  };
  /** Texts in PEM, for rediss:// alone; undefined: the machine's authorities, and no certificate of one's own. */
  readonly tls: {
    readonly ca: string | undefined;
    readonly cert: string | undefined;
    readonly key: string | undefined;
  };
};

/** What the environment says of it. */
export type RedisEnvironment = {
  readonly REDIS_MODE: RedisMode;
  readonly REDIS_URL: readonly URL[];
  readonly REDIS_SENTINEL_MASTER?: string | undefined;
  readonly REDIS_SENTINEL_USERNAME?: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD?: string | undefined;
  readonly REDIS_CA_FILE?: string | undefined;
  readonly REDIS_CERT_FILE?: string | undefined;
  readonly REDIS_KEY_FILE?: string | undefined;
};

const accessOf = ({ protocol, username, password, pathname, search }: URL) =>
  [protocol, username, password, pathname, search].join(" ");

function urlFaults({ REDIS_MODE: mode, REDIS_URL: urls }: RedisEnvironment): string[] {
  const faults: string[] = [];
  if (mode === "single" && urls.length > 1) faults.push("REDIS_URL: several addresses need REDIS_MODE");
  if (new Set(urls.map(accessOf)).size > 1) faults.push("REDIS_URL: the addresses may differ in host and port alone");
  if (mode === "cluster" && urls.some(({ pathname }) => !["", "/", "/0"].includes(pathname))) {
    faults.push("REDIS_URL: a cluster has database 0 alone");
  }
  return faults;
}

function sentinelFaults(env: RedisEnvironment): string[] {
  if (env.REDIS_MODE === "sentinel") {
    return env.REDIS_SENTINEL_MASTER ? [] : ["REDIS_SENTINEL_MASTER: needed with REDIS_MODE=sentinel"];
  }
  const given = ["REDIS_SENTINEL_MASTER", "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD"] as const;
  return given.filter((name) => env[name]).map((name) => `${name}: needs REDIS_MODE=sentinel`);
}

function tlsFaults(env: RedisEnvironment): string[] {
  const given = (["REDIS_CA_FILE", "REDIS_CERT_FILE", "REDIS_KEY_FILE"] as const).filter((name) => env[name]);
  const plain = env.REDIS_URL.some(({ protocol }) => protocol !== "rediss:");
  const faults = plain ? given.map((name) => `${name}: needs REDIS_URL with rediss://`) : [];
  if (Boolean(env.REDIS_CERT_FILE) !== Boolean(env.REDIS_KEY_FILE)) {
    faults.push("REDIS_CERT_FILE and REDIS_KEY_FILE: set both or neither");
  }
  return faults;
}

/** Faults of settings that do not go together. */
export const redisFaults = (env: RedisEnvironment): string[] => [
  ...urlFaults(env),
  ...sentinelFaults(env),
  ...tlsFaults(env),
];

/** The settings of an environment without faults. */
export function toRedisSettings(env: RedisEnvironment): RedisSettings {
  return Object.freeze({
    mode: env.REDIS_MODE,
    urls: env.REDIS_URL.map(({ href }) => href),
    sentinel: {
      master: env.REDIS_SENTINEL_MASTER ?? "",
      username: env.REDIS_SENTINEL_USERNAME,
      password: env.REDIS_SENTINEL_PASSWORD,
    },
    tls: { ca: env.REDIS_CA_FILE, cert: env.REDIS_CERT_FILE, key: env.REDIS_KEY_FILE },
  });
}
