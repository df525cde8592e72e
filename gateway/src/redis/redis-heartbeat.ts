import type { Logger } from "pino";
import { ErrorReply, type RedisClientType, SocketTimeoutError } from "redis";

const INTERVAL = 250;
/** Beats are this process' own: what it sleeps itself is no silence of Redis. */
const PATIENCE = 8;

/** Someone would be told another's session: which answer is whose goes by their order alone. */
class OutOfStepError extends Error {
  constructor() {
    super("the answers of Redis are not those to what was asked");
  }
}

/**
 * Makes the connection the circuit: one that stays silent, or whose answers cannot be read or are out of step, is broken
 * off, so that what waits for it fails, and while none can be made every command fails at once. The client's own deadline
 * is on silence in both directions, which ends with every command that is sent: under load a server that hangs would never
 * be noticed. And after an answer it cannot read it goes on, and gives everybody the next one's. Ends with the client.
 * @param client not connected yet.
 */
export function keepRedisAnswering(client: RedisClientType, log: Pick<Logger, "warn">): void {
  let timer: NodeJS.Timeout | undefined;
  let waited: number | null = null;
  let beats = 0;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    waited = null;
  };
  const breakOff = () => {
    stop();
    client.destroy();
    client.connect().catch((error: unknown) => log.warn({ err: error, dependency: "redis" }, "redis is away"));
  };
  const complain = (error: Error) => {
    if (client.isReady) client.emit("error", error);
  };
  const heard = () => {
    waited = null;
  };
  const beat = () => {
    if (!client.isReady) return stop();
    if (waited !== null) {
      waited += 1;
      if (waited >= PATIENCE) complain(new SocketTimeoutError(INTERVAL * PATIENCE));
      return;
    }
    waited = 0;
    beats += 1;
    const word = `beat ${beats}`;
    // A connection that fails is not silent: the client makes a new one by itself.
    client.ping(word).then((answer) => (answer === word ? heard() : complain(new OutOfStepError())), heard);
  };
  client.on("ready", () => {
    stop();
    timer = setInterval(beat, INTERVAL).unref();
  });
  client.on("error", (error: unknown) => {
    // One that failed by itself is not ready any more; what the server says in its own words can be read.
    if (client.isReady && !(error instanceof ErrorReply)) breakOff();
  });
}
