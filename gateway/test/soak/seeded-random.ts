import { createHash } from "node:crypto";

/** Numbers that are the same for the same seed and name, whatever else is drawn. */
export type SeededRandom = {
  /** From 0 up to 1. */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly between: (lowest: number, highest: number) => number;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  /** A key, as often as its weight says. */
  readonly weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key;
};

/** @param name what the numbers are for: each name has a sequence of its own. */
export function createSeededRandom(seed: number, name: string): SeededRandom {
  let drawn = 0;
  const next = () => {
    const digest = createHash("sha256").update(`${seed} ${name} ${drawn++}`).digest();
    return digest.readUInt32BE() / 2 ** 32;
  };
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(next() * values.length)];
    if (value === undefined) throw new Error(`${name}: there is nothing to pick from`);
    return value;
  };
  return {
    next,
    between: (lowest, highest) => lowest + Math.floor(next() * (highest - lowest + 1)),
    pick,
    weighted: (weights) => {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let left = next() * names.reduce((sum, key) => sum + weights[key], 0);
      for (const key of names) {
        left -= weights[key];
        if (left < 0) return key;
      }
      return pick(names);
    },
  };
}
