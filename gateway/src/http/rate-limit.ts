import type { RequestHandler } from "express";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Adapters } from "../adapters.ts";
import { OutageError, Problem } from "../errors.ts";
import { addressKey } from "./address-key.ts";
import { scaledLimit } from "./attempt-counter.ts";

export type RateLimit = {
  /** Names the counter in Redis. */
  readonly name: string;
  readonly points: number;
  /** How long until the points are back. */
  readonly seconds: number;
};

/** Counts one more for a key. Throws Problem rate_limited with the time to wait, OutageError. */
export type RateLimiter = (key: string) => Promise<void>;

/**
 * Counts in Redis, over all replicas. Redis away is an outage: what is limited needs Redis in any case.
 * @param factor RATE_LIMIT_FACTOR.
 */
export function createRateLimiter(
  redis: Adapters["redis"],
  { name, points, seconds }: RateLimit,
  factor: number,
): RateLimiter {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    useRedisPackage: true,
    keyPrefix: `passbridge:rate:${name}`,
    points: scaledLimit(points, factor),
    duration: seconds,
  });
  return async (key) => {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw new OutageError("redis", refusal);
      throw new Problem("rate_limited", { retryAfter: Math.ceil(refusal.msBeforeNext / 1_000) });
    }
  };
}

/** Refuses the requests of an address that are over the limit, with 429 and Retry-After. */
export function limitByAddress(limiter: RateLimiter): RequestHandler {
  return async (request, _response, next) => {
    await limiter(addressKey(request.ip));
    next();
  };
}
