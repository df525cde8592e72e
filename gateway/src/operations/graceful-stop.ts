import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How long connections that are kept alive may go on before the listener closes, so that none is cut mid-request. */
const DRAIN_TIME = 1_000;

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
  await new Promise((resolve) => {
    server.close(resolve);
  });
  clearTimeout(cut);
  await gateway.close();
}
