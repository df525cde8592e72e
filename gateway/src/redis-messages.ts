import type { Adapters } from "./adapters.ts";

/** A word from one replica to all, itself included, that something changed. Lost while Redis is away. */
export type Messages = {
  /** Throws what Redis throws. */
  readonly announce: () => Promise<void>;
  /** Once: from the time on that Redis answers. */
  readonly listen: (onMessage: () => void) => void;
  readonly close: () => void;
};

/**
 * Messages over Redis' publish and subscribe.
 * @param subscriber a connection of its own, not connected yet: one that listens can do little else.
 */
export function createMessages(redis: Adapters["redis"], subscriber: Adapters["redis"], channel: string): Messages {
  return {
    announce: async () => {
      await redis.publish(channel, "");
    },
    listen: (onMessage) => {
      // Not awaited: while Redis is away the client goes on trying, and subscribes anew after each loss by itself.
      subscriber
        .connect()
        .then((connected) => connected.subscribe(channel, onMessage))
        .catch(() => undefined);
    },
    close: () => subscriber.destroy(),
  };
}
