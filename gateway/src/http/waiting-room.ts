import { setTimeout as delay } from "node:timers/promises";
import { createOpenLimit } from "./open-limit.ts";

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
  const room = createOpenLimit(places, 1);
  const ofKey = createOpenLimit(placesPerKey, 1);
  return {
    wait: async (key, milliseconds, leaving) => {
      const leaveKey = ofKey.enter(key);
      try {
        const leaveRoom = room.enter("all");
        await delay(milliseconds, undefined, { signal: leaving }).finally(leaveRoom);
      } finally {
        leaveKey();
      }
    },
  };
}
