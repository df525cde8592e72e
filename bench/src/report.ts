import { formatTable } from "../../scripts/manage/table.ts";
import type { WorkResult } from "./rounds.ts";
import type { Summary } from "./statistics.ts";

const HEADING = ["work", "gateway/s", "held against", "its rate/s", "ratio", "spread", "CPU ratio"];

const rate = ({ median }: Summary) => Math.round(median).toLocaleString("en");

/** Three significant digits, without an exponent: 0.0123, 1.23, 12.3, 123. */
const significant = (value: number) => Number(value.toPrecision(3)).toString();

const cellsOf = ({ name, gateway, baselines }: WorkResult) =>
  baselines.map((baseline) => [
    name,
    rate(gateway.rate),
    baseline.name,
    rate(baseline.rate),
    significant(baseline.ratio.median),
    `${significant(baseline.ratio.low)} – ${significant(baseline.ratio.high)}`,
    baseline.cpuRatio ? significant(baseline.cpuRatio.median) : "?",
  ]);

/** The results as one table for a terminal, a line for each baseline. */
export function tableOf(results: readonly WorkResult[]): string[] {
  return formatTable(HEADING, results.flatMap(cellsOf));
}

/** The same table in Markdown. */
export function markdownOf(results: readonly WorkResult[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = ["---", "---:", "---", "---:", "---:", "---", "---:"];
  return [HEADING, rule, ...results.flatMap(cellsOf)].map(line);
}
