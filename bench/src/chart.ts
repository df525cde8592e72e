import type { Result } from "./report.ts";
import { significant } from "./report.ts";

/** A ratio that has a target, as the chart shows it. */
export type Bar = {
  readonly work: string;
  readonly against: string;
  readonly ratio: number;
  readonly target: number;
  readonly met: boolean;
};

const WIDTH = 960;
const ROW = 44;
const TOP = 56;
const BOTTOM = 16;
const LEFT = 430;
const RIGHT = 150;
/** A bar's length is the ratio by its target, in powers of ten up to this one each way. */
const DECADES = 1.5;

/** Readable on white and on black; prefers-color-scheme (Media Queries Level 5) picks the ink. */
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.small { font-size: 11px; fill: #59636e; }
.met { fill: #2f8f57; } .missed { fill: #c2611f; }
.target { stroke: #59636e; stroke-width: 1.5; } .track { stroke: #8b949e; stroke-opacity: 0.35; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .small { fill: #9198a1; } .target { stroke: #9198a1; }
}`;

/** The results that are held to a target by the gateway's rate or processor time. */
export function barsOf(results: readonly Result[]): Bar[] {
  return results.flatMap((result) => {
    if (!("baselines" in result)) return [];
    return result.baselines.flatMap(({ name, ratio, cpuRatio, verdict }) => {
      if (!verdict || !("atLeast" in verdict.target)) return [];
      const judged = verdict.target.of === "cpu" ? cpuRatio : ratio;
      const shown = { work: result.name, against: name, target: verdict.target.atLeast, met: verdict.met };
      return judged ? [{ ...shown, ratio: judged.median }] : [];
    });
  });
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const text = (x: number, y: number, words: string, style = "") =>
  `<text x="${x}" y="${y}"${style && ` class="${style}"`}>${escaped(words)}</text>`;

/** Where a share of the target lies; what is far off lies at the edge. */
function placeOf(share: number): number {
  const within = Math.min(DECADES, Math.max(-DECADES, Math.log10(share)));
  return Math.round(LEFT + ((within + DECADES) / (2 * DECADES)) * (WIDTH - LEFT - RIGHT));
}

function drawBar({ work, against, ratio, target, met }: Bar, at: number): string {
  const y = TOP + at * ROW;
  const end = placeOf(ratio / target);
  return [
    text(0, y + 14, work),
    text(0, y + 30, `against ${against}`, "small"),
    `<line class="track" x1="${LEFT}" y1="${y + 16}" x2="${WIDTH - RIGHT}" y2="${y + 16}"/>`,
    `<rect class="${met ? "met" : "missed"}" x="${LEFT}" y="${y + 7}" width="${Math.max(2, end - LEFT)}" height="18" rx="3"/>`,
    text(WIDTH - RIGHT + 12, y + 14, `${significant(ratio)} ×`),
    text(WIDTH - RIGHT + 12, y + 30, `${met ? "met" : "missed"}: ≥ ${significant(target)} ×`, "small"),
  ].join("\n");
}

/** The ratios that have a target, as an SVG: each bar ends where the ratio lies by its target, on a logarithmic scale. */
export function chartOf(results: readonly Result[]): string {
  const bars = barsOf(results);
  const height = TOP + bars.length * ROW + BOTTOM;
  const middle = placeOf(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    '<title id="title">The gateway\'s speed as a multiple of what it is held against, by its target</title>',
    `<style>${STYLE}</style>`,
    text(middle - 18, 38, "target", "small"),
    ...bars.map(drawBar),
    `<line class="target" x1="${middle}" y1="44" x2="${middle}" y2="${height - BOTTOM}"/>`,
    "</svg>",
    "",
  ].join("\n");
}
