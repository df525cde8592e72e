import type { Server } from "node:http";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";

/** How long at most to wait for a moment in which nobody connects. */
const QUIET_TIME = 1_000;

/** A turn of the event loop that took longer may have left somebody waiting. */
const QUICK = 1;

export type Stoppable = {
  /** From now on: not ready, and every answer closes its connection. */
  readonly startStopping: () => void;
  /** Ends what would stay open for long, also what is opened from now on. */
  readonly sendAway: () => void;
  readonly close: () => Promise<void>;
};

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
  for (const end = performance.now() + QUIET_TIME; performance.now() < end; ) {
    const [before, start] = [came, performance.now()];
    await turn();
    if (came === before && performance.now() - start < QUICK) break;
  }
  server.off("connection", count);
}

/**
 * Stops without losing a request. First everything goes on, but not ready, and each answer asks its client to close the
 * connection; then the listener closes, streams and WebSockets are sent away, to come back elsewhere, and what is under way
 * ends; then the parts are let go.
 */
export async function stopGracefully(server: Server, gateway: Stoppable, times: StopTimes): Promise<void> {
  gateway.startStopping();
  // A request that began before the stop leaves its connection open: it is closed when nothing more comes on it.
  server.keepAliveTimeout = Math.min(server.keepAliveTimeout, Math.max(times.delay, 1));
  await delay(times.delay);
  await untilNobodyWaits(server);
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  const cut = setTimeout(() => server.closeAllConnections(), times.timeout);
  gateway.sendAway();
  await closed;
  clearTimeout(cut);
  await gateway.close();
}
