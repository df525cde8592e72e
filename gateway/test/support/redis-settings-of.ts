import { loadConfig } from "../../src/config.ts";
import type { RedisSettings } from "../../src/redis/redis-settings.ts";

const SECRET = "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1";

/** What the gateway makes of settings of Redis. */
export const redisSettingsOf = (env: Readonly<Record<string, string>>): RedisSettings =>
  loadConfig({ DATABASE_URL: "postgres://127.0.0.1/x", SESSION_SECRETS: SECRET, KRATOS_HOOK_SECRET: SECRET, ...env })
    .redis;
