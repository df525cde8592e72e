import { setTimeout as delay } from "node:timers/promises";
import { ClientClosedError, ClientOfflineError, type RedisClientType, TimeoutError } from "redis";
import { type Connect, type Place, samePlace } from "./redis-server.ts";

export type Answer = { readonly from: Place; readonly reply: unknown };

/** Puts a question to the first of several servers that answers it. */
export type Asker = {
  /** Throws what the last one threw. @param isAnswer whether to be content with a reply. */
  readonly ask: (
    places: readonly Place[],
    command: readonly string[],
    isAnswer: (reply: unknown) => boolean,
  ) => Promise<Answer>;
  /** Begins with another one the next time. */
  readonly moveOn: () => void;
  readonly close: () => void;
};

/** Of a question where the servers are, with the connection to whom it is put: there are others to ask. */
const DEADLINE = 1_000;

/** node-redis' own deadline on a command ends when it is sent. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = delay(DEADLINE, null, { signal: over.signal, ref: false }).then(() => {
    throw new TimeoutError();
  });
  return Promise.race([answer, late]).finally(() => over.abort());
}

/** Keeps the connection to whoever answered last, and asks there first. */
export function createAsker(connect: Connect): Asker {
  let kept: { readonly place: Place; readonly client: RedisClientType } | null = null;
  let turn = 0;
  let closed = false;
  const drop = () => {
    kept?.client.destroy();
    kept = null;
  };
  const open = async (place: Place): Promise<RedisClientType> => {
    if (kept && samePlace(kept.place, place) && kept.client.isReady) return kept.client;
    drop();
    if (closed) throw new ClientClosedError();
    const client = connect(place);
    kept = { place, client };
    await client.connect();
    return client;
  };
  const put = async (place: Place, command: readonly string[]): Promise<unknown> =>
    (await open(place)).sendCommand([...command]);
  const inTurn = (places: readonly Place[]) => {
    const first = kept ? places.findIndex((place) => kept && samePlace(kept.place, place)) : -1;
    const start = first >= 0 ? first : turn % Math.max(1, places.length);
    return [...places.slice(start), ...places.slice(0, start)];
  };
  const moveOn = () => {
    drop();
    turn += 1;
  };
  return {
    ask: async (places, command, isAnswer) => {
      let failure: unknown = new ClientOfflineError();
      for (const place of inTurn(places)) {
        try {
          const reply = await inTime(put(place, command));
          if (isAnswer(reply)) return { from: place, reply };
        } catch (error) {
          failure = error;
        }
        moveOn();
      }
      throw failure;
    },
    moveOn,
    close: () => {
      closed = true;
      drop();
    },
  };
}
