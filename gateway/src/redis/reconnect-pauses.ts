import { growingPause } from "../growing-pause.ts";

/** A connection that was of use for less did not do well. */
const LONG_ENOUGH = 5_000;

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

export type ReconnectPauses = {
  /** Milliseconds until the next try. @param failures of tries in succession that led to no connection. */
  readonly afterFailure: (failures: number) => number;
  /** A connection is of use. */
  readonly connected: () => void;
  /** Milliseconds until the next connection may be used: none, unless connections were lost one after another. */
  readonly beforeUse: () => number;
};

/**
 * How soon a lost connection is made again: at once. Where that fails, or where connections are lost as soon as they are
 * made, ever later, up to a second.
 */
export function createReconnectPauses(now: () => number = performance.now.bind(performance)): ReconnectPauses {
  let since: number | null = null;
  let early = 0;
  return {
    afterFailure: (failures) => growingPause(failures, FIRST_PAUSE, LONGEST_PAUSE),
    connected: () => {
      since = now();
    },
    beforeUse: () => {
      if (since !== null) early = now() - since < LONG_ENOUGH ? early + 1 : 0;
      since = null;
      return early < 2 ? 0 : growingPause(early - 2, FIRST_PAUSE, LONGEST_PAUSE);
    },
  };
}
