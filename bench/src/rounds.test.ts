import { describe, expect, it } from "vitest";
import { runRounds, runTrial, type Side } from "./rounds.ts";

/** Sides that do what they are told in two seconds, and note when they ran. Each has its place in the list for its pid. */
function recordingSides(...plans: [name: string, done: readonly number[]][]) {
  const runs: string[] = [];
  const sides = plans.map(([name, done], pid): Side => {
    const left = [...done];
    const measure = async (milliseconds: number) => {
      runs.push(`${name} ${milliseconds}`);
      return { done: left.shift() ?? Number.NaN, seconds: 2 };
    };
    return { name, pid, measure };
  });
  const [gateway, ...baselines] = sides;
  if (!gateway) throw new Error("A work needs a gateway");
  return { runs, work: { name: "w", gateway, baselines } };
}

const unknown = () => null;

describe("runRounds", () => {
  it("warms every side up, then begins each round with another side", async () => {
    const { runs, work } = recordingSides(["a", [1, 1, 1, 1]], ["b", [1, 1, 1, 1]]);
    await runRounds(work, { rounds: 3, duration: 20, warmUp: 5 }, unknown);
    expect(runs).toEqual(["a 5", "b 5", "a 20", "b 20", "b 20", "a 20", "a 20", "b 20"]);
  });

  it("gives a work that needs them longer rounds, and none shorter ones", async () => {
    const { runs, work } = recordingSides(["a", [1, 1, 1, 1]], ["b", [1, 1, 1, 1]]);
    await runRounds({ ...work, duration: 50 }, { rounds: 1, duration: 20, warmUp: 5 }, unknown);
    await runRounds({ ...work, duration: 10 }, { rounds: 1, duration: 20, warmUp: 0 }, unknown);
    expect(runs).toEqual(["a 5", "b 5", "a 50", "b 50", "a 20", "b 20"]);
  });

  it("keeps the warm-up out of the result and the ratios within their round", async () => {
    const { work } = recordingSides(["a", [999, 10, 40, 30]], ["b", [999, 5, 10, 30]], ["c", [999, 10, 10, 10]]);
    const result = await runRounds(work, { rounds: 3, duration: 1, warmUp: 1 }, unknown);
    const rates = { rates: [5, 20, 15], cpuRates: null, cpu: null, rate: { median: 15, low: 5, high: 20 } };
    expect(result.gateway).toEqual({ name: "a", ...rates });
    expect(result.baselines.map(({ name, ratio, cpuRatio }) => [name, ratio, cpuRatio])).toEqual([
      ["b", { median: 2, low: 1, high: 4 }, null],
      ["c", { median: 3, low: 1, high: 4 }, null],
    ]);
  });

  it("counts the processor time of the side and of whom it asked", async () => {
    const { runs, work } = recordingSides(["a", [8, 8, 8]], ["b", [8, 8, 8]]);
    const runsOf = (name: string) => runs.filter((run) => run.startsWith(name)).length;
    // A quarter of a second for each run of the first side, half of one for the second's, and each run costs Redis as much.
    const used = (pid: number) => ({
      own: pid === 0 ? runsOf("a") / 4 : runsOf("b") / 2,
      redis: runsOf("a") / 4 + runsOf("b") / 2,
      upstream: runs.length,
    });
    const result = await runRounds(work, { rounds: 2, duration: 1, warmUp: 1 }, used);
    expect(result.gateway.cpuRates).toEqual([16, 16]);
    expect(result.gateway.cpu?.[0]).toEqual({ own: 0.25, redis: 0.25, upstream: 1 });
    expect(result.baselines[0]?.cpuRatio).toEqual({ median: 2, low: 2, high: 2 });
  });

  it("judges the ratio, or the CPU ratio where the target is of that", async () => {
    const { runs, work } = recordingSides(["a", [1, 2, 2]], ["b", [1, 2, 2]]);
    const [b] = work.baselines;
    if (!b) throw new Error("There is one baseline");
    const twice = { atLeast: 2 } as const;
    const baselines = [
      { ...b, target: twice },
      { ...b, measure: async () => ({ done: 1, seconds: 2 }), target: { ...twice, of: "cpu" as const } },
    ];
    const figures = async () => [
      { what: "memory", value: 3, unit: "MB", target: { atMost: 2 } },
      { what: "size", value: 1, unit: "MB" },
    ];
    const used = () => ({ own: runs.length });
    const result = await runRounds({ ...work, baselines, figures }, { rounds: 1, duration: 1, warmUp: 1 }, used);
    expect(result.baselines.map(({ verdict }) => verdict?.met)).toEqual([false, false]);
    expect(result.figures.map(({ met }) => met)).toEqual([false, null]);
    const trial = { name: "t", run: async () => [{ what: "delay", value: 1, unit: "s", target: { atMost: 2 } }] };
    expect((await runTrial(trial)).figures.map(({ met }) => met)).toEqual([true]);
  });

  it("ends with the first wrong answer", async () => {
    const { runs, work } = recordingSides(["a", [1]], ["b", [1]], ["c", [1]]);
    const [, last] = work.baselines;
    const broken: Side = { name: "b", pid: 1, measure: () => Promise.reject(new Error("500 instead of 200")) };
    const broke = { ...work, baselines: [broken, ...(last ? [last] : [])] };
    await expect(runRounds(broke, { rounds: 5, duration: 1, warmUp: 1 }, unknown)).rejects.toThrow("500 instead");
    expect(runs).toEqual(["a 1"]);
  });
});
