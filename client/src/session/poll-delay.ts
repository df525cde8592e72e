import type { Known } from "./session-outcome.ts";

export type PollTimes = {
  /** Between two polls that succeed, in milliseconds. */
  readonly interval: number;
  /** Between two polls while a stream tells of changes, in case it broke off without a word. */
  readonly whileLive: number;
  /** First wait after a failure; doubled with each further one. */
  readonly firstRetry: number;
  /** The longest wait the back-off reaches. */
  readonly longestRetry: number;
  /** The longest Retry-After that is believed. */
  readonly longestRetryAfter: number;
};

export const POLL_TIMES: PollTimes = {
  interval: 20_000,
  whileLive: 300_000,
  firstRetry: 1_000,
  longestRetry: 60_000,
  longestRetryAfter: 300_000,
};

const JITTER = 0.2;

/**
 * How long to wait before the next poll: the interval after an answer; after a failure an exponential back-off with a
 * cap, never sooner than Retry-After, and up to a fifth longer so that browsers do not return all at once.
 * @param random a number from 0 to 1.
 * @returns milliseconds.
 */
export function pollDelay(known: Pick<Known, "failures" | "retryAfter">, times: PollTimes, random: number): number {
  if (known.failures === 0) return times.interval;
  const backOff = Math.min(times.longestRetry, times.firstRetry * 2 ** (known.failures - 1));
  const retryAfter = Math.min(times.longestRetryAfter, (known.retryAfter ?? 0) * 1000);
  return Math.max(backOff, retryAfter) * (1 + JITTER * random);
}
