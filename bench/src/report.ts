import { formatTable } from "../../scripts/manage/table.ts";
import type { BaselineResult, FigureResult, TrialResult, Verdict, WorkResult } from "./rounds.ts";
import type { Summary } from "./statistics.ts";
import type { Target } from "./targets.ts";

const HEADING = ["work", "gateway", "held against", "its value", "ratio", "spread", "CPU ratio", "target", "result"];
/** Which columns are numbers, for Markdown. */
const RULE = ["---", "---:", "---", "---:", "---:", "---", "---:", "---", "---"];

const NOTHING = "";

export type Result = WorkResult | TrialResult;

/** Three significant digits, without an exponent: 0.0123, 1.23, 12.3, 123. */
export const significant = (value: number) =>
  Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 10 });

/** A rate a second: whole from ten on, since works of 100 MB are done a few times a second. */
const rate = ({ median }: Summary) =>
  `${median < 10 ? significant(median) : Math.round(median).toLocaleString("en")}/s`;

const bound = (target: Target) =>
  "atLeast" in target ? `≥ ${significant(target.atLeast)}` : `≤ ${significant(target.atMost)}`;

const RESULTS = { true: "met", false: "**missed**", null: NOTHING } as const;
const resultOf = (met: boolean | null) => RESULTS[`${met}`];

const targetOf = (verdict: Verdict) =>
  verdict ? `${bound(verdict.target)} ×${verdict.target.of === "cpu" ? " of the CPU ratio" : ""}` : NOTHING;

const baselineCells = (work: WorkResult, baseline: BaselineResult) => [
  work.name,
  rate(work.gateway.rate),
  baseline.name,
  rate(baseline.rate),
  significant(baseline.ratio.median),
  `${significant(baseline.ratio.low)} – ${significant(baseline.ratio.high)}`,
  baseline.cpuRatio ? significant(baseline.cpuRatio.median) : "?",
  targetOf(baseline.verdict),
  resultOf(baseline.verdict?.met ?? null),
];

const figureCells = (name: string, { what, value, unit, target, met }: FigureResult) => [
  `${name}: ${what}`,
  `${significant(value)} ${unit}`,
  ...Array.from({ length: 5 }, () => NOTHING),
  target ? `${bound(target)} ${unit}` : NOTHING,
  resultOf(met),
];

const cellsOf = (result: Result) => [
  ...("baselines" in result ? result.baselines.map((baseline) => baselineCells(result, baseline)) : []),
  ...result.figures.map((figure) => figureCells(result.name, figure)),
];

/** The results as one table for a terminal, a line for each baseline and each figure. */
export function tableOf(results: readonly Result[]): string[] {
  return formatTable(HEADING, results.flatMap(cellsOf)).map((line) => line.replaceAll("**", "").trimEnd());
}

/** The same table in Markdown. */
export function markdownOf(results: readonly Result[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [HEADING, RULE, ...results.flatMap(cellsOf)].map(line);
}
