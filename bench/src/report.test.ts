import { describe, expect, it } from "vitest";
import { markdownOf, tableOf } from "./report.ts";
import type { WorkResult } from "./rounds.ts";

const flat = (value: number) => ({ median: value, low: value, high: value });
const side = (name: string, rate: number) => ({ name, rates: [rate], cpuRates: null, rate: flat(rate) });

const results: readonly WorkResult[] = [
  {
    name: "session check",
    gateway: side("gateway", 12_345.6),
    baselines: [
      {
        ...side("bare Express", 9_000),
        ratio: { median: 1.3717, low: 1.2, high: 1.4444 },
        cpuRatio: { median: 1.5, low: 1.1, high: 2 },
      },
      { ...side("Kratos whoami", 600), ratio: { median: 20.576, low: 19, high: 23.456 }, cpuRatio: flat(19.87) },
    ],
  },
  {
    name: "login",
    gateway: side("gateway", 120),
    baselines: [{ ...side("bare verification", 9_876), ratio: flat(0.012151), cpuRatio: null }],
  },
];

describe("tableOf", () => {
  it("has an aligned line for each baseline", () => {
    expect(tableOf(results)).toEqual([
      "work           gateway/s  held against       its rate/s  ratio   spread           CPU ratio",
      "session check  12,346     bare Express       9,000       1.37    1.2 – 1.44       1.5",
      "session check  12,346     Kratos whoami      600         20.6    19 – 23.5        19.9",
      "login          120        bare verification  9,876       0.0122  0.0122 – 0.0122  ?",
    ]);
  });

  it("shows its heading alone when there is no result", () => {
    expect(tableOf([])).toHaveLength(1);
  });
});

describe("markdownOf", () => {
  it("has the same cells, with a rule under the heading", () => {
    const [heading = "", rule = "", ...lines] = markdownOf(results);
    expect(rule.split("|")).toHaveLength(heading.split("|").length);
    expect(lines).toContain("| login | 120 | bare verification | 9,876 | 0.0122 | 0.0122 – 0.0122 | ? |");
    expect(lines).toHaveLength(3);
  });
});
