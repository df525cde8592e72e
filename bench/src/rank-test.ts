export type RankTest = {
  /** How many pairs of one value each the first sample wins; a tie counts half. */
  readonly u: number;
  /** Two-sided: how often samples of one distribution differ as much or more by chance. */
  readonly p: number;
};

/** Abramowitz and Stegun, 7.1.26: off by less than 1.5e-7. */
function errorFunctionComplement(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return series * Math.exp(-x * x);
}

type Ranked = { readonly rank: number; readonly tied: number };

/** The middle rank of each different value, and how many share it. */
function rankValues(values: readonly number[]): ReadonlyMap<number, Ranked> {
  const sorted = values.toSorted((one, other) => one - other);
  const ranks = new Map<number, Ranked>();
  for (let first = 0; first < sorted.length; ) {
    const value = sorted[first] ?? Number.NaN;
    const next = sorted.findIndex((other, index) => index > first && other !== value);
    const end = next === -1 ? sorted.length : next;
    ranks.set(value, { rank: (first + 1 + end) / 2, tied: end - first });
    first = end;
  }
  return ranks;
}

/**
 * Whether two samples come from one distribution (Mann and Whitney, 1947): by ranks, so that no outlier decides, with
 * the normal approximation, its corrections for ties and for continuity. For samples of about twenty or more.
 * @throws RangeError when a sample is empty.
 */
export function rankTest(one: readonly number[], other: readonly number[]): RankTest {
  const [n, m, all] = [one.length, other.length, one.length + other.length];
  if (n === 0 || m === 0) throw new RangeError("An empty sample has no ranks");
  const ranks = rankValues([...one, ...other]);
  const rankSum = one.reduce((sum, value) => sum + (ranks.get(value)?.rank ?? 0), 0);
  const u = rankSum - (n * (n + 1)) / 2;
  const ties = [...ranks.values()].reduce((sum, { tied }) => sum + tied ** 3 - tied, 0);
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  if (variance === 0) return { u, p: 1 };
  return { u, p: Math.min(1, errorFunctionComplement(distance / Math.sqrt(2 * variance))) };
}
