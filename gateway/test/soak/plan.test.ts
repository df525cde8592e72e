import { describe, expect, it } from "vitest";
import { digestOf, planTroubles } from "./plan.ts";

const TWENTY_MINUTES = 20 * 60_000;

describe("the plan of a soak", () => {
  it("is the same for the same seed, and another one for another", () => {
    const digests = [7, 7, 8].map((seed) => digestOf(seed, 30, TWENTY_MINUTES));
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it("has every kind of trouble in twenty minutes, and two at a time at most", () => {
    const lanes = planTroubles(7, TWENTY_MINUTES);
    expect(lanes).toHaveLength(2);
    const kinds = new Set(lanes.flat().map(({ trouble }) => trouble.kind));
    expect([...kinds].toSorted()).toEqual(["application", "crash", "gateway", "pause", "way"]);
    for (const lane of lanes) {
      for (const [index, { at, lasts }] of lane.entries()) {
        expect(at + lasts).toBeLessThan(lane[index + 1]?.at ?? TWENTY_MINUTES);
      }
    }
  });
});
