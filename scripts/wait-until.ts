import { Failure, messageOf } from "./failure.ts";

const POLL_INTERVAL = 50;

export type WaitOptions = {
  readonly timeout: number;
  /** What is waited for, used in the message: "kratos to answer". */
  readonly what: string;
  /** A reason to give up at once (the process ended); null while there is none. */
  readonly abortReason?: () => string | null;
};

/** The condition did not come true in time, or cannot any more. */
export class WaitError extends Error {
  override readonly name = "WaitError";
}

/**
 * Asks until the condition holds.
 * @param condition resolves when it holds; a rejection means "not yet", but a Failure means "never".
 * @returns what the condition resolved to.
 * @throws WaitError naming the last reason when the time is over or the abort reason appears.
 */
export async function waitUntil<Value>(condition: () => Promise<Value>, options: WaitOptions): Promise<Value> {
  const deadline = performance.now() + options.timeout;
  for (;;) {
    const aborted = options.abortReason?.() ?? null;
    if (aborted !== null) throw new WaitError(aborted);
    try {
      return await condition();
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (performance.now() >= deadline) {
        const seconds = Math.round(options.timeout / 1_000);
        throw new WaitError(`waited ${seconds} s for ${options.what}: ${messageOf(error)}`, { cause: error });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
  }
}
