import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { UnifiedSession } from "../sessions/session.ts";

/** How long what is under way may take to arrive once one side has ended. */
const ENDING = 10_000;

/** The same where the gateway ends it: a WebSocket is closed within two seconds of its session's end. */
const CLOSING = 1_000;

/** Probes by which the system notices a peer that vanished without a word. */
const KEEP_ALIVE_PROBE = 30_000;

/** A WebSocket that runs: the client's connection and the upstream's. */
export type SocketPair = {
  readonly client: Duplex;
  readonly upstream: Duplex;
  /** Whose it is at this moment; null: nobody's. */
  readonly session: () => UnifiedSession | null;
  /** The key of the Kratos cookie it was opened with. */
  readonly kratosCookieKey: string | null;
  /** Finds out whether that session goes on. */
  readonly check: () => Promise<void>;
};

/** The WebSockets that run, so that a stop or the end of a session can close them. */
export type OpenSockets = {
  /** Passes bytes between two connections until either ends, then ends the other. Resolves when both are closed. */
  readonly join: (pair: SocketPair) => Promise<void>;
  /** Ends those whose session fits. */
  readonly close: (fits: (session: UnifiedSession) => boolean) => void;
  readonly closeAll: () => void;
  /** Those that run. */
  readonly all: () => Iterable<SocketPair>;
  readonly size: () => number;
};

function prepare(socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(0).setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE);
}

function closed(socket: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (socket.closed) resolve();
  else socket.once("close", () => resolve());
  return promise;
}

/** Calls back once, when the shortest of the times it was given is over. */
function createDeadline(onOver: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  return {
    within: (grace: number) => {
      if (grace >= shortest) return;
      shortest = grace;
      clearTimeout(timer);
      timer = setTimeout(onOver, grace);
    },
    clear: () => clearTimeout(timer),
  };
}

export function createOpenSockets(): OpenSockets {
  const endings = new Map<SocketPair, () => void>();

  const join = async (pair: SocketPair) => {
    const { client, upstream } = pair;
    const limit = createDeadline(() => {
      client.destroy();
      upstream.destroy();
    });
    const end = (grace: number) => {
      client.end();
      upstream.end();
      limit.within(grace);
    };
    endings.set(pair, () => end(CLOSING));
    for (const socket of [client, upstream]) {
      prepare(socket);
      // What the other side has yet to say may still arrive: pipe passes the end on, the deadline makes it final.
      socket.once("end", () => limit.within(ENDING)).once("close", () => end(ENDING));
    }
    client.pipe(upstream).pipe(client);
    if (client.destroyed || upstream.destroyed) end(CLOSING);
    await Promise.all([closed(client), closed(upstream)]);
    limit.clear();
    endings.delete(pair);
  };

  return {
    join,
    close: (fits) => {
      for (const [pair, end] of endings) {
        const session = pair.session();
        if (session && fits(session)) end();
      }
    },
    closeAll: () => {
      for (const end of endings.values()) end();
    },
    all: () => endings.keys(),
    size: () => endings.size,
  };
}
