import { growingPause } from "../growing-pause.ts";

/** A worker that served for less did not do well. */
const LONG_ENOUGH = 10_000;

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/** So many deaths one after another while nobody is there to answer are no accident. */
const TOO_MANY = 5;

export type Death = {
  /** For how long the worker took connections, in milliseconds. */
  readonly served: number;
  /** Whether another one takes connections. */
  readonly othersServe: boolean;
};

export type RestartPauses = {
  /** Milliseconds until another worker is to be started; null: it is of no use. */
  readonly after: (death: Death) => number | null;
};

/**
 * How soon a worker that died is replaced: at once, unless workers die one after another. While one of them answers it
 * is tried on and on.
 */
export function createRestartPauses(): RestartPauses {
  let early = 0;
  return {
    after: ({ served, othersServe }) => {
      early = served < LONG_ENOUGH ? early + 1 : 0;
      if (early >= TOO_MANY && !othersServe) return null;
      return early < 2 ? 0 : growingPause(early - 2, FIRST_PAUSE, LONGEST_PAUSE);
    },
  };
}
