import type { RedisClientType } from "redis";
import type { Subscriber } from "../redis.ts";
import { watchLayout } from "./redis-layout.ts";
import { createRedisNode, type RedisNode } from "./redis-node.ts";
import type { RedisNodesDeps } from "./redis-nodes.ts";
import { samePlace } from "./redis-server.ts";

/**
 * Listens at one of several servers: a cluster passes every message on to all of them. When that one is lost it listens at
 * another, and says so.
 */
export function createRoutedSubscriber(deps: Pick<RedisNodesDeps, "directory" | "connect" | "log">): Subscriber {
  const { directory, connect, log } = deps;
  const subscriptions = new Map<string, (message: string) => void>();
  const listeners: (() => void)[] = [];
  const first = Promise.withResolvers<void>();
  let current: RedisNode | null = null;
  let turn = Math.floor(Math.random() * 1_000);
  let closed = false;

  const subscribeAll = async (server: RedisClientType) => {
    await Promise.all([...subscriptions].map(([channel, listener]) => server.subscribe(channel, listener)));
  };
  const lost = () => {
    if (closed) return;
    directory.distrust();
    void watch.refresh();
  };
  const watch = watchLayout(
    directory,
    async ({ places }) => {
      const listed = places.some((place) => current && samePlace(place, current.place));
      if (closed || (listed && current?.isUsable())) return;
      const place = places[turn++ % places.length];
      current?.client.destroy();
      if (!place) return;
      current = createRedisNode(place, {
        connect,
        accepts: directory.accepts,
        onConnected: subscribeAll,
        onUsable: () => {
          first.resolve();
          for (const listener of listeners) listener();
        },
        onLost: lost,
      });
      await current.tried;
    },
    log,
  );
  return {
    connect: async () => {
      await Promise.all([watch.refresh(), first.promise]);
    },
    subscribe: async (channel, listener) => {
      subscriptions.set(channel, listener);
      if (current?.isUsable()) await current.client.subscribe(channel, listener);
    },
    on: (_event, listener) => void listeners.push(listener),
    destroy: () => {
      closed = true;
      watch.close();
      current?.client.destroy();
    },
  };
}
