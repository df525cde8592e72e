const FIRST = 500;
const LONGEST = 4_000;

/**
 * How long an attempt waits before it is looked at: not at all while there are few, then half a second, doubled with
 * each further one up to four seconds.
 * @param attempts so far, this one included.
 * @param free how many are not slowed down.
 * @returns milliseconds.
 */
export function slowDown(attempts: number, free: number): number {
  return attempts <= free ? 0 : Math.min(FIRST * 2 ** Math.min(attempts - free - 1, 10), LONGEST);
}
