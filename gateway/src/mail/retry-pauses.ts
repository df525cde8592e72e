import { growingPause } from "../growing-pause.ts";

const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 4 * 3_600_000;
const PATIENCE = 3 * 86_400_000;

/** Milliseconds until a mail is tried again: each time twice as long, up to four hours. @param attempts made so far. */
export function pauseAfter(attempts: number): number {
  return growingPause(attempts - 1, FIRST_PAUSE, LONGEST_PAUSE);
}

/** Whether a mail is too old to be tried again: after three days the news is none any more. */
export function isTooOld(createdAt: Date, now: Date): boolean {
  return now.getTime() - createdAt.getTime() >= PATIENCE;
}
