import type { RequestHandler } from "express";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Adapters } from "../adapters.ts";
import { OutageError, Problem } from "../errors.ts";

export type RateLimit = {
  /** Names the counter in Redis. */
  readonly name: string;
  readonly perMinute: number;
};

/**
 * Counts requests by address in Redis and refuses those over the limit with 429 and Retry-After.
 * Redis away is an outage: what is limited needs Redis in any case.
 * @param factor RATE_LIMIT_FACTOR.
 */
export function createRateLimit(
  redis: Adapters["redis"],
  { name, perMinute }: RateLimit,
  factor: number,
): RequestHandler {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    useRedisPackage: true,
    keyPrefix: `passbridge:rate:${name}`,
    points: Math.max(1, Math.round(perMinute * factor)),
    duration: 60,
  });
  return async (request, _response, next) => {
    try {
      await limiter.consume(request.ip ?? "unknown");
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw new OutageError("redis", refusal);
      throw new Problem("rate_limited", { retryAfter: Math.ceil(refusal.msBeforeNext / 1_000) });
    }
    next();
  };
}
