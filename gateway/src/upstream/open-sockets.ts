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
  /** Whose it is at this moment. */
  readonly session: () => UnifiedSession;
};

/** The WebSockets that run, so that a stop or the end of a session can close them. */
export type OpenSockets = {
  /** Passes bytes between two connections until either ends, then ends the other. Resolves when both are closed. */
  readonly join: (pair: SocketPair) => Promise<void>;
  /** Ends those whose session fits. */
  readonly close: (fits: (session: UnifiedSession) => boolean) => void;
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

export function createOpenSockets(): OpenSockets {
  const endings = new Map<SocketPair, (grace: number) => void>();

  const join = async (pair: SocketPair) => {
    const { client, upstream } = pair;
    let timer: NodeJS.Timeout | undefined;
    const end = (grace: number) => {
      client.end();
      upstream.end();
      clearTimeout(timer);
      timer = setTimeout(() => {
        client.destroy();
        upstream.destroy();
      }, grace);
    };
    endings.set(pair, end);
    for (const socket of [client, upstream]) {
      prepare(socket);
      socket.once("end", () => end(ENDING)).once("close", () => end(ENDING));
    }
    client.pipe(upstream).pipe(client);
    if (client.destroyed || upstream.destroyed) end(CLOSING);
    await Promise.all([closed(client), closed(upstream)]);
    clearTimeout(timer);
    endings.delete(pair);
  };

  return {
    join,
    close: (fits) => {
      for (const [pair, end] of endings) {
        if (fits(pair.session())) end(CLOSING);
      }
    },
    size: () => endings.size,
  };
}
