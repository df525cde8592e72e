import type { Logger } from "pino";
import type { RedisClientType } from "redis";

const SAFE = "noeviction";

/**
 * Warns when a server may evict what it holds: sessions, challenges and limits are no cache, and people would be signed
 * out, or limits forgotten, without anybody having asked for it. With `noeviction` a full Redis refuses what is new.
 * Where INFO may not be asked nothing is said.
 */
export async function warnOfEviction(server: RedisClientType, log: Pick<Logger, "warn">): Promise<void> {
  const told = await server.info("memory").catch(() => "");
  const policy = /^maxmemory_policy:(\S+)/m.exec(String(told))?.[1];
  if (policy === undefined || policy === SAFE) return;
  log.warn(
    { dependency: "redis", maxmemory_policy: policy },
    "set maxmemory-policy to noeviction: sessions are no cache",
  );
}
