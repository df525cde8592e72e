import type { Logger } from "pino";
import { ClientOfflineError, type RedisClientType } from "redis";
import { type Directory, type Layout, watchLayout } from "./redis-layout.ts";
import { createRedisNode, type RedisNode } from "./redis-node.ts";
import { redirectionOf } from "./redis-redirections.ts";
import { type Connect, type Place, samePlace } from "./redis-server.ts";

/** A first try, and as many more as servers may send a command on to another. */
const MOST_TRIES = 4;

export type RedisNodes = {
  /** Runs commands with one key where the key is now. Throws ClientOfflineError while nobody has it. */
  readonly runWithKey: <T>(key: string, run: (server: RedisClientType) => Promise<T>) => Promise<T>;
  /** The servers of the layout that are connected. */
  readonly usable: () => readonly RedisClientType[];
  /** How many there should be; 0 while that is not known. */
  readonly count: () => number;
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly destroy: () => void;
};

export type RedisNodesDeps = {
  readonly directory: Directory;
  readonly connect: Connect;
  readonly log: Pick<Logger, "warn" | "info">;
  readonly onConnected: (server: RedisClientType) => unknown;
  readonly onUsable: () => void;
};

function createNodeSet({ directory, connect, log, onConnected, onUsable }: RedisNodesDeps) {
  let nodes: readonly RedisNode[] = [];
  let layout: Layout | null = null;
  let closed = false;
  const open = (place: Place) =>
    createRedisNode(place, {
      connect,
      accepts: directory.accepts,
      onConnected,
      onUsable,
      onLost: () => {
        if (closed) return;
        directory.distrust();
        void watch.refresh();
      },
    });
  const apply = async (told: Layout) => {
    if (closed) return;
    const gone = nodes.filter(({ place }) => !told.places.some((other) => samePlace(place, other)));
    const before = nodes;
    nodes = told.places.map((place) => before.find((node) => samePlace(node.place, place)) ?? open(place));
    layout = told;
    for (const { client } of gone) client.destroy();
    await Promise.all(nodes.map(({ tried, examine }) => tried.then(examine)));
  };
  const watch = watchLayout(directory, apply, log);
  return {
    refresh: watch.refresh,
    at: (place: Place | undefined) => nodes.find((node) => place && samePlace(node.place, place)),
    placeOf: (key: string) => layout?.placeOf(key),
    all: () => nodes,
    stop: () => {
      closed = true;
      watch.close();
    },
  };
}

type NodeSet = ReturnType<typeof createNodeSet>;

function ownerOf(set: NodeSet, key: string): RedisClientType {
  const node = set.at(set.placeOf(key));
  if (!node?.isUsable()) throw new ClientOfflineError();
  return node.client;
}

/** Who is to be tried next after an error; null when that is of no use. */
async function nextServer(set: NodeSet, key: string, server: RedisClientType, error: unknown) {
  const redirection = redirectionOf(error);
  if (redirection?.kind === "ask") {
    const taker = set.at(redirection.to)?.client ?? null;
    // The command itself follows at once, over the same connection.
    taker?.sendCommand(["ASKING"]).catch(() => undefined);
    return taker;
  }
  if (!redirection) return null;
  await set.refresh();
  const owner = ownerOf(set, key);
  return owner === server ? null : owner;
}

/** The servers of a layout that changes, and the way of each command to the right one. */
export function createRedisNodes(deps: RedisNodesDeps): RedisNodes {
  const set = createNodeSet(deps);
  const destroy = () => {
    set.stop();
    for (const { client } of set.all()) client.destroy();
  };
  return {
    runWithKey: async (key, run) => {
      let server = ownerOf(set, key);
      for (let tries = 1; ; tries += 1) {
        try {
          return await run(server);
        } catch (error) {
          const next = tries < MOST_TRIES ? await nextServer(set, key, server, error) : null;
          if (!next) throw error;
          server = next;
        }
      }
    },
    usable: () => set.all().flatMap((node) => (node.isUsable() ? [node.client] : [])),
    count: () => set.all().length,
    refresh: set.refresh,
    close: async () => {
      set.stop();
      await Promise.allSettled(set.all().map(({ client }) => (client.isReady ? client.close() : client.destroy())));
    },
    destroy,
  };
}
