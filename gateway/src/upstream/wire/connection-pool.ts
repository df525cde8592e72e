import type { Connection, ConnectionEvents } from "./connection.ts";

/** Idle connections are given up before common servers give them up (5 s in Node, 2 s in gunicorn announce nothing). */
const KEEP_FOR = 4_000;
const MAX_FREE = 256;
/** At most this many requests at the same time; others wait for a connection as long as for an answer. */
const MAX_CONNECTIONS = 4_096;
/** Milliseconds between two looks for connections that have been idle too long. */
const SWEEP = 500;

export type ConnectionPool = {
  /**
   * Hands out a connection, at once or when one is free.
   * @param fresh one of its own instead of a kept one.
   * @returns takes the wish back.
   */
  readonly take: (onConnection: (connection: Connection) => void, fresh: boolean) => () => void;
  /** Closes every connection, those in use as well. */
  readonly close: () => void;
};

type Free = { readonly connection: Connection; readonly until: number };

/** The idle connections of a pool, the last used first, as it is the least likely to be closed by now. */
function createFreeConnections() {
  let free: Free[] = [];
  let sweeping = false;
  const sweepLater = () => {
    sweeping = free.length > 0;
    if (sweeping) setTimeout(sweep, SWEEP).unref();
  };
  const sweep = () => {
    const now = performance.now();
    for (const { connection, until } of free) if (until <= now) connection.drop();
    free = free.filter(({ until }) => until > now);
    sweepLater();
  };
  return {
    put: (connection: Connection, keepFor: number) => {
      if (free.length >= MAX_FREE) return connection.drop();
      free.push({ connection, until: performance.now() + Math.min(keepFor, KEEP_FOR) });
      if (!sweeping) sweepLater();
    },
    take: (): Connection | undefined => {
      for (let last = free.pop(); last; last = free.pop()) {
        if (last.until > performance.now() && last.connection.socket.writable) return last.connection;
        last.connection.drop();
      }
      return undefined;
    },
    remove: (connection: Connection) => {
      const at = free.findIndex((one) => one.connection === connection);
      if (at !== -1) free.splice(at, 1);
    },
  };
}

/**
 * The connections kept open to one server.
 * @param open makes one.
 */
export function createConnectionPool(
  open: (events: ConnectionEvents) => Connection,
  maxConnections = MAX_CONNECTIONS,
): ConnectionPool {
  const all = new Set<Connection>();
  const free = createFreeConnections();
  const waiting = new Set<(connection: Connection) => void>();

  const firstWaiting = () => {
    const [first] = waiting;
    if (first) waiting.delete(first);
    return first;
  };
  const add = () => {
    const connection = open({
      onFree: (freed, keepFor) => {
        const next = firstWaiting();
        if (next) next(freed);
        else free.put(freed, keepFor);
      },
      onClose: (closed) => {
        all.delete(closed);
        free.remove(closed);
        if (all.size < maxConnections) firstWaiting()?.(add());
      },
    });
    all.add(connection);
    return connection;
  };

  return {
    take: (onConnection, fresh) => {
      const known = fresh ? undefined : free.take();
      if (known) onConnection(known);
      else if (fresh || all.size < maxConnections) onConnection(add());
      else waiting.add(onConnection);
      return () => waiting.delete(onConnection);
    },
    close: () => {
      waiting.clear();
      for (const connection of all) connection.socket.destroy();
    },
  };
}
