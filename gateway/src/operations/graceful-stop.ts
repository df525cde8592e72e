import type { Server } from "node:http";
import { type Socket, Server as TcpServer } from "node:net";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";

/** How long at most to wait for a moment in which nobody connects. */
const QUIET_TIME = 2_000;

/** A turn of the event loop that took longer may have left somebody waiting: the longer it is waited for, the more is put up with. */
const QUICKEST = 0.05;
const QUICK = 1;

export type Stoppable = {
  /** From now on: not ready, and every answer closes its connection. */
  readonly startStopping: () => void;
  /** Ends what would stay open for long, also what is opened from now on. */
  readonly sendAway: () => void;
  readonly close: () => Promise<void>;
};

/** A server, and every connection to it that is open. */
export type Stopped = { readonly server: Server; readonly connections: ReadonlySet<Socket> };

export type StopTimes = {
  /** For so long everything goes on, so that whoever is in front notices. */
  readonly delay: number;
  /** After so long more what is open is cut. */
  readonly timeout: number;
};

/**
 * Waits for a moment in which no connection waits to be taken: the system resets those that do when the listener
 * closes, and with them requests that were sent already. A turn of the event loop without a connection had none waiting.
 */
async function untilNobodyWaits(server: Server): Promise<void> {
  let came = 0;
  const count = () => {
    came += 1;
  };
  server.on("connection", count);
  const begin = performance.now();
  for (let waited = 0; waited < QUIET_TIME; ) {
    const before = came;
    await turn();
    const took = performance.now() - begin - waited;
    waited += took;
    if (came === before && took < QUICKEST + (QUICK * waited) / QUIET_TIME) break;
  }
  server.off("connection", count);
}

/**
 * Closes the connections that nobody used since the stop began. Another one, of a request that began before and ended
 * since, is not: whoever is in front may be sending the next request on it. It is closed when none comes.
 */
function closeForgotten({ server, connections }: Stopped, usual: number): void {
  if (server.keepAliveTimeout === usual) return;
  for (const socket of connections) if ((socket.timeout ?? 0) >= usual) socket.destroy();
}

/**
 * Stops without losing a request. First everything goes on, but not ready, and each answer asks its client to close the
 * connection; then the listener closes, streams and WebSockets are sent away, to come back elsewhere, and what is under way
 * ends; then the parts are let go.
 */
export async function stopGracefully(stopped: Stopped, gateway: Stoppable, times: StopTimes): Promise<void> {
  const { server } = stopped;
  gateway.startStopping();
  const usual = server.keepAliveTimeout;
  // A request that began before the stop leaves its connection open: it is closed when nothing more comes on it.
  server.keepAliveTimeout = Math.min(usual, Math.max(times.delay, 1));
  await delay(times.delay);
  await untilNobodyWaits(server);
  const closed = new Promise((resolve) => {
    // That of HTTP would close every idle connection as well.
    TcpServer.prototype.close.call(server, resolve);
  });
  closeForgotten(stopped, usual);
  const cut = setTimeout(() => server.closeAllConnections(), times.timeout);
  gateway.sendAway();
  await closed;
  clearTimeout(cut);
  await gateway.close();
}
