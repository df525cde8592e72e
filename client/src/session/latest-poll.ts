export type LatestPoll = {
  readonly busy: () => boolean;
  /** Polls now, giving up one that is under way: its question was asked too early. */
  readonly run: () => Promise<void>;
};

/**
 * Makes a poll of which only the latest counts.
 * @param ask asks once; null when aborted.
 * @param onOutcome hears the outcome of a poll that was not given up.
 */
export function createLatestPoll<Outcome>(
  ask: (signal: AbortSignal) => Promise<Outcome | null>,
  onOutcome: (outcome: Outcome) => void,
): LatestPoll {
  let current: { abort: AbortController; done: Promise<void> } | undefined;

  async function perform(abort: AbortController): Promise<void> {
    const outcome = await ask(abort.signal);
    if (current?.abort !== abort) return current?.done;
    current = undefined;
    if (outcome !== null) onOutcome(outcome);
    return undefined;
  }

  return {
    busy: () => current !== undefined,
    run() {
      current?.abort.abort();
      const abort = new AbortController();
      const entry = { abort, done: Promise.resolve() };
      current = entry;
      entry.done = perform(abort);
      return entry.done;
    },
  };
}
