import type { Logger } from "pino";
import type { ZodType } from "zod";
import type { Redis, Subscriber } from "./redis.ts";

/** Messages of one kind among the replicas. What is sent while Redis is away is lost. */
export type Topic<Message> = {
  /** To every replica, this one included. Throws what Redis throws. */
  readonly announce: (message: Message) => Promise<void>;
  readonly listen: (onMessage: (message: Message) => void) => void;
};

/** What the replicas tell each other; one connection that listens for all topics. */
export type Messages = {
  /** Messages that do not fit are logged and otherwise ignored. */
  readonly topic: <Message>(channel: string, shape: ZodType<Message>) => Topic<Message>;
  /** Told whenever listening begins, at first and after each loss: what was said before was not heard. */
  readonly onListening: (listener: () => void) => void;
  /** Told whenever Redis can be reached anew. */
  readonly onReachable: (listener: () => void) => void;
  readonly close: () => void;
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Messages over Redis' publish and subscribe.
 * @param subscriber a connection of its own, not connected yet.
 */
export function createMessages(
  redis: Pick<Redis, "publish" | "on">,
  subscriber: Subscriber,
  log: Pick<Logger, "warn">,
): Messages {
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  // Not awaited: while Redis is away the client goes on trying.
  const connected = subscriber.connect();
  // After each loss it subscribes anew by itself, before it says that it is ready.
  connected.then(() => subscriber.on("ready", tell)).catch(() => undefined);
  const subscribe = (channel: string, onText: (text: string) => void) => {
    connected
      .then(() => subscriber.subscribe(channel, onText))
      .then(tell)
      .catch(() => undefined);
  };

  return {
    topic: (channel, shape) => ({
      announce: async (message) => {
        await redis.publish(channel, JSON.stringify(message));
      },
      listen: (onMessage) =>
        subscribe(channel, (text) => {
          const { data, success } = shape.safeParse(parse(text));
          if (success) onMessage(data);
          else log.warn({ channel }, "a message between replicas was not understood");
        }),
    }),
    onListening: (listener) => void listeners.push(listener),
    onReachable: (listener) => void redis.on("ready", listener),
    close: () => subscriber.destroy(),
  };
}
