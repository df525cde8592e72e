import { expect, it } from "vitest";
import { barsOf, chartOf } from "./chart.ts";
import type { WorkResult } from "./rounds.ts";

const flat = (value: number) => ({ median: value, low: value, high: value });
const side = { rates: [1], cpuRates: null, cpu: null, rate: flat(1) };

const held = (name: string, ratio: number, atLeast?: number, of?: "cpu") => ({
  ...side,
  name,
  ratio: flat(ratio),
  cpuRatio: flat(9),
  verdict: atLeast === undefined ? null : { target: { atLeast, ...(of && { of }) }, met: ratio >= atLeast },
});

const work: WorkResult = {
  name: "a <work> & more",
  gateway: { ...side, name: "gateway" },
  baselines: [held("half", 0.5, 1), held("twice", 2, 1), held("free", 7), held("by CPU time", 1, 3, "cpu")],
  figures: [],
};

const trial = { name: "memory", figures: [] };

it("shows what has a target, by the ratio that is judged", () => {
  expect(barsOf([work, trial]).map(({ against, ratio }) => [against, ratio])).toEqual([
    ["half", 0.5],
    ["twice", 2],
    ["by CPU time", 9],
  ]);
});

it("draws a bar to beyond the target only when the ratio is", () => {
  const chart = chartOf([work]);
  const [, target = 0] = /class="target" x1="(\d+)"/.exec(chart)?.map(Number) ?? [];
  const ends = [...chart.matchAll(/<rect class="(\w+)" x="(\d+)" y="\d+" width="(\d+)"/g)].map(
    ([, verdict, x, width]) => [verdict, Number(x) + Number(width) > target],
  );
  expect(ends).toEqual([
    ["missed", false],
    ["met", true],
    ["missed", true],
  ]);
});

it("is markup whatever a work is called", () => {
  expect(chartOf([work])).toContain("a &lt;work&gt; &amp; more");
});
