import type { Logger } from "pino";
import { type RedisClientType, SocketTimeoutError } from "redis";

const INTERVAL = 250;
/** Beats are this process' own: what it sleeps itself is no silence of Redis. */
const PATIENCE = 8;

/**
 * Makes the connection the circuit: one that stays silent is broken off, so that what waits for it fails, and while none
 * can be made every command fails at once. The client's own deadline is on silence in both directions, which ends with
 * every command that is sent: under load a server that hangs would never be noticed. Ends with the client.
 * @param client not connected yet, and no subscriber: its subscriptions would be lost.
 */
export function keepRedisAnswering(client: RedisClientType, log: Pick<Logger, "warn">): void {
  let timer: NodeJS.Timeout | undefined;
  let waited: number | null = null;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    waited = null;
  };
  const heard = () => {
    waited = null;
  };
  const breakOff = () => {
    stop();
    client.emit("error", new SocketTimeoutError(INTERVAL * PATIENCE));
    // Whoever heard that may have let go of the client.
    if (!client.isOpen) return;
    client.destroy();
    client.connect().catch((error: unknown) => log.warn({ err: error, dependency: "redis" }, "redis is away"));
  };
  const beat = () => {
    if (!client.isReady) return stop();
    if (waited !== null) {
      waited += 1;
      if (waited >= PATIENCE) breakOff();
      return;
    }
    waited = 0;
    // A connection that fails is not silent: the client makes a new one by itself.
    client.ping().then(heard, heard);
  };
  client.on("ready", () => {
    stop();
    timer = setInterval(beat, INTERVAL).unref();
  });
}
