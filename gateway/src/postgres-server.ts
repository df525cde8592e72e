import type { EventEmitter } from "node:events";
import type { ClientConfig } from "pg";
import type { Logger } from "pino";
import { isServerLost } from "./postgres-errors.ts";
import { findPrimary } from "./postgres-primary.ts";
import type { PostgresAddress, PostgresHost } from "./postgres-url.ts";

/** What knex takes from a connection provider; while the checker says true it is asked again. */
export type ServerSettings<Common> = Common & PostgresHost & { readonly expirationChecker: () => boolean };

/** The server a pool's connections go to, which may become another one. */
export type PostgresServer<Common> = {
  /** Where the next connection goes. Throws NoPrimaryError. */
  readonly settings: () => Promise<ServerSettings<Common>>;
  /** Told of every new connection. */
  readonly opened: (connection: EventEmitter) => void;
  /** False for one made before the server was last lost: it may be to a server that takes no writes any more. */
  readonly isFit: (connection: object) => boolean;
  /** Told of every error of a statement. One of connecting says nothing of those that are open: an overload has them too. */
  readonly noticed: (error: unknown) => void;
};

/** Of those who ask at the same time the first asks for all. */
function createShared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= ask().finally(() => {
      running = null;
    });
    return running;
  };
}

/**
 * Follows the primary: it is looked for before the first connection, after an error that a failover may have caused, and
 * when no connection is open that would have told of one.
 */
export function createPostgresServer<Common extends ClientConfig>(
  { hosts, choosing }: Pick<PostgresAddress, "hosts" | "choosing">,
  common: Common,
  log?: Pick<Logger, "info">,
): PostgresServer<Common> {
  const [only = { host: "localhost", port: 5432 }] = hosts;
  const open = new Map<object, number>();
  let losses = 0;
  /** The losses that were known when the server was last looked for and found. */
  let settled = -1;
  let last: PostgresHost | null = null;

  const seek = createShared(async () => {
    const known = losses;
    const found = choosing ? await findPrimary(common, hosts) : only;
    if (choosing && last !== found) log?.info({ dependency: "postgres", ...found }, "this server accepts writes");
    last = found;
    settled = known;
    return found;
  });
  const isDoubtful = () => settled !== losses || (choosing && open.size === 0);
  const noticed = (error: unknown) => {
    if (isServerLost(error)) losses += 1;
  };
  return {
    settings: async () => {
      const place = await seek();
      return { ...common, ...place, expirationChecker: isDoubtful };
    },
    opened: (connection) => {
      open.set(connection, settled);
      connection.on("error", noticed).once("end", () => open.delete(connection));
    },
    isFit: (connection) => open.get(connection) === losses,
    noticed,
  };
}
