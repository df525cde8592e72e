import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Adapters } from "../adapters.ts";
import { Problem } from "../errors.ts";

export type Attempts = {
  /** This one included. */
  readonly count: number;
  /** Seconds until they are forgotten. */
  readonly secondsLeft: number;
};

/**
 * Counts attempts in Redis over all replicas and, while Redis is away, in this process alone: for what works without
 * Redis and yet has to stay limited (docs/decisions/0023). Never an outage.
 */
export type AttemptCounter = {
  readonly add: (key: string) => Promise<Attempts>;
  /** Takes one back that is not to count. */
  readonly takeBack: (key: string) => Promise<void>;
  readonly forget: (key: string) => Promise<void>;
};

/** A limit as RATE_LIMIT_FACTOR has it; none is so small that nothing is left. */
export const scaledLimit = (limit: number, factor: number) => Math.max(1, Math.round(limit * factor));

/** Counts an attempt; how many there are now. Throws Problem rate_limited beyond the limit, with the time to wait. */
export async function countUpTo(counter: AttemptCounter, key: string, limit: number): Promise<number> {
  const { count, secondsLeft } = await counter.add(key);
  if (count > limit) throw new Problem("rate_limited", { retryAfter: secondsLeft });
  return count;
}

/**
 * @param name names the counter in Redis.
 * @param seconds how long attempts are remembered from the first one on.
 */
export function createAttemptCounter(redis: Adapters["redis"], name: string, seconds: number): AttemptCounter {
  const shared = { keyPrefix: `passbridge:rate:${name}`, points: 1, duration: seconds };
  const limiter = new RateLimiterRedis({
    ...shared,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(shared),
  });
  return {
    add: async (key) => {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
      return { count: consumedPoints, secondsLeft: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
    },
    takeBack: async (key) => {
      await limiter.reward(key);
    },
    forget: async (key) => {
      await limiter.delete(key);
    },
  };
}
