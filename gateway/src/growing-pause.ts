/** @param first milliseconds; each pause is twice as long as the one before, up to the longest. @param count of those before. */
export const growingPause = (count: number, first: number, longest: number): number =>
  Math.min(first * 2 ** Math.min(count, 30), longest);
