import { Problem } from "../errors.ts";
import { scaledLimit } from "./attempt-counter.ts";

const COME_BACK = 30;

export type OpenLimit = {
  /** Counts one more that is open for a key, until the answer is called. Throws Problem rate_limited. */
  readonly enter: (key: string) => () => void;
};

/**
 * Limits how much is open at the same time, on this replica.
 * @param factor RATE_LIMIT_FACTOR.
 */
export function createOpenLimit(most: number, factor: number): OpenLimit {
  const limit = scaledLimit(most, factor);
  const counts = new Map<string, number>();
  return {
    enter: (key) => {
      const count = counts.get(key) ?? 0;
      if (count >= limit) throw new Problem("rate_limited", { retryAfter: COME_BACK });
      counts.set(key, count + 1);
      return () => {
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}
