/** Many values of one thing in three: the middle one, and between which it spread. */
export type Summary = { readonly median: number; readonly low: number; readonly high: number };

/** The middle value, or the mean of the two in the middle. Throws RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError("No values, no median");
  return (lower + upper) / 2;
}

/**
 * The value below which a share of the values lie, by the nearest rank.
 * @param share between 0 and 1.
 * @throws RangeError when there is no value.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("No values, no quantile");
  return value;
}

/** Throws RangeError when there is no value. */
export function summarise(values: readonly number[]): Summary {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * How many times `ours` is `theirs`, round by round: both sides of a round met the same state of the machine, so their
 * ratio says more than that of two medians.
 * @throws RangeError when the rounds do not match.
 */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new RangeError("The sides ran a different number of rounds");
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}
