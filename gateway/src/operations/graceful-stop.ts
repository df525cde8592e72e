import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How long connections that are kept alive may go on before the listener closes, so that none is cut mid-request. */
const DRAIN_TIME = 1_000;

const SWEEP_INTERVAL = 100;

export type Stoppable = {
  /** From now on: not ready, and every answer closes its connection. */
  readonly startStopping: () => void;
  readonly close: () => Promise<void>;
};

/**
 * Stops without losing a request: first every answer asks its client to close the connection, then the listener
 * closes and waits for what is under way, then the parts are let go.
 * @param timeout milliseconds after which open connections are cut.
 */
export async function stopGracefully(server: Server, gateway: Stoppable, timeout: number): Promise<void> {
  gateway.startStopping();
  await delay(Math.min(DRAIN_TIME, timeout));
  const cut = setTimeout(() => server.closeAllConnections(), timeout);
  // A request that began before the stop leaves its connection open; Node would wait for its keep-alive time.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  clearTimeout(cut);
  clearInterval(sweep);
  await gateway.close();
}
