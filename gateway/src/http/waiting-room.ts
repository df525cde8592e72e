import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "../errors.ts";

export type WaitingRoom = {
  /**
   * Keeps a request waiting.
   * @param key whose it is.
   * @throws Problem rate_limited when too many wait already, of that key or of all; AbortError when it leaves.
   */
  readonly wait: (key: string, milliseconds: number, leaving: AbortSignal) => Promise<void>;
};

/** Bounds the requests that are kept waiting: each holds a connection. */
export function createWaitingRoom({ places, placesPerKey }: { places: number; placesPerKey: number }): WaitingRoom {
  const waiting = new Map<string, number>();
  let all = 0;
  const change = (key: string, by: 1 | -1) => {
    all += by;
    const count = (waiting.get(key) ?? 0) + by;
    if (count === 0) waiting.delete(key);
    else waiting.set(key, count);
  };
  return {
    wait: async (key, milliseconds, leaving) => {
      if (all >= places || (waiting.get(key) ?? 0) >= placesPerKey) {
        throw new Problem("rate_limited", { retryAfter: Math.ceil(milliseconds / 1_000) });
      }
      change(key, 1);
      try {
        await delay(milliseconds, undefined, { signal: leaving });
      } finally {
        change(key, -1);
      }
    },
  };
}
