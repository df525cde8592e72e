import { describe, expect, it } from "vitest";
import { markdownOf, tableOf } from "./report.ts";
import type { TrialResult, WorkResult } from "./rounds.ts";

const flat = (value: number) => ({ median: value, low: value, high: value });
const side = (name: string, rate: number) => ({ name, rates: [rate], cpuRates: null, cpu: null, rate: flat(rate) });

const works: readonly WorkResult[] = [
  {
    name: "session check",
    gateway: side("gateway", 12_345.6),
    baselines: [
      {
        ...side("bare Express", 9_000),
        ratio: { median: 1.3717, low: 1.2, high: 1.4444 },
        cpuRatio: { median: 1.5, low: 1.1, high: 2 },
        verdict: { target: { atLeast: 1 }, met: true },
      },
      {
        ...side("Kratos whoami", 600),
        ratio: { median: 10.576, low: 9, high: 13.456 },
        cpuRatio: flat(19.87),
        verdict: { target: { atLeast: 12, of: "cpu" }, met: false },
      },
    ],
    figures: [],
  },
  {
    name: "login",
    gateway: side("gateway", 1.2),
    baselines: [{ ...side("bare verification", 9_876), ratio: flat(0.012151), cpuRatio: null, verdict: null }],
    figures: [],
  },
];

const trial: TrialResult = {
  name: "idle streams",
  figures: [{ what: "memory above idle", value: 151.234, unit: "MB", target: { atMost: 150 }, met: false }],
};

const HEADING =
  "work           gateway   held against       its value  ratio   spread           CPU ratio  target                   result";

describe("tableOf", () => {
  it("has an aligned line for each baseline", () => {
    expect(tableOf(works)).toEqual([
      HEADING,
      "session check  12,346/s  bare Express       9,000/s    1.37    1.2 – 1.44       1.5        ≥ 1 ×                    met",
      "session check  12,346/s  Kratos whoami      600/s      10.6    9 – 13.5         19.9       ≥ 12 × of the CPU ratio  missed",
      "login          1.2/s     bare verification  9,876/s    0.0122  0.0122 – 0.0122  ?",
    ]);
  });

  it("shows its heading alone when there is no result", () => {
    expect(tableOf([])).toHaveLength(1);
  });
});

describe("markdownOf", () => {
  it("has the same cells, with a rule under the heading", () => {
    const [heading = "", rule = "", ...lines] = markdownOf([...works, trial]);
    expect(rule.split("|")).toHaveLength(heading.split("|").length);
    expect(lines).toContain("| login | 1.2/s | bare verification | 9,876/s | 0.0122 | 0.0122 – 0.0122 | ? |  |  |");
    expect(lines).toContain("| idle streams: memory above idle | 151 MB |  |  |  |  |  | ≤ 150 MB | **missed** |");
    expect(lines).toHaveLength(4);
  });
});
