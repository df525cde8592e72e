import type { IncomingMessage } from "node:http";
import type { Adapters } from "../adapters.ts";
import type { RouteRule } from "../policy/route-rule.ts";
import { addressKey } from "./address-key.ts";
import { type AttemptCounter, countUpTo, createAttemptCounter, scaledLimit } from "./attempt-counter.ts";
import type { Passage } from "./exit-answer.ts";

/** Counts a request under its rule. Throws Problem rate_limited with the time to wait; never an OutageError. */
export type RouteLimits = (request: IncomingMessage, passage: Passage) => Promise<void>;

export type RouteLimitsDeps = {
  readonly redis: Adapters["redis"];
  /** RATE_LIMIT_FACTOR. */
  readonly factor: number;
  readonly addressOf: (request: IncomingMessage) => string;
};

/**
 * The rate limits of the rules, counted in Redis over all replicas. Without Redis each process counts by itself: what
 * is behind a rule works without it (docs/decisions/0025).
 */
export function createRouteLimits({ redis, factor, addressOf }: RouteLimitsDeps): RouteLimits {
  const counters = new WeakMap<RouteRule, AttemptCounter>();
  const counterOf = (rule: RouteRule, seconds: number) => {
    const known = counters.get(rule);
    if (known) return known;
    // Named by the rule, it goes on counting when the rules are read anew.
    const counter = createAttemptCounter(redis, `route:${encodeURIComponent(rule.name)}`, seconds);
    counters.set(rule, counter);
    return counter;
  };
  return async (request, { rule, session }) => {
    if (!rule.rateLimit) return;
    const { requests, seconds, by } = rule.rateLimit;
    const byIdentity = by === "identity" && session !== null;
    const key = byIdentity ? `identity:${session.identity.id}` : addressKey(addressOf(request));
    await countUpTo(counterOf(rule, seconds), key, scaledLimit(requests, factor));
  };
}
