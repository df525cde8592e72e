import type { RedisClientType } from "redis";
import type { Connect, Place } from "./redis-server.ts";

/** One server of several, with its connection. */
export type RedisNode = {
  readonly place: Place;
  readonly client: RedisClientType;
  /** Whether it is connected and what it was said to be. */
  readonly isUsable: () => boolean;
  /** When the first try to connect succeeded or failed. */
  readonly tried: Promise<void>;
  /** Asks a server again that was not what it was said to be. */
  readonly examine: () => Promise<void>;
};

export type RedisNodeDeps = {
  readonly connect: Connect;
  readonly accepts: (server: RedisClientType) => Promise<boolean>;
  /** Before anything else is sent over a new connection. */
  readonly onConnected: (server: RedisClientType) => unknown;
  readonly onUsable: () => void;
  readonly onLost: () => void;
};

/** Connects to a server, and again after each loss. */
export function createRedisNode(place: Place, deps: RedisNodeDeps): RedisNode {
  const client = deps.connect(place);
  const tried = Promise.withResolvers<void>();
  let accepted = false;
  const lose = () => {
    accepted = false;
    tried.resolve();
    deps.onLost();
  };
  const accept = async () => {
    if (!(await deps.accepts(client))) return lose();
    await deps.onConnected(client);
    accepted = client.isReady;
    tried.resolve();
    if (accepted) deps.onUsable();
  };
  client.on("error", lose).on("ready", () => void accept().catch(lose));
  // Ends when it is destroyed; until then it goes on trying.
  client.connect().catch(() => undefined);
  const isUsable = () => accepted && client.isReady;
  const examine = async () => {
    if (client.isReady && !accepted) await accept().catch(lose);
  };
  return { place, client, isUsable, tried: tried.promise, examine };
}
