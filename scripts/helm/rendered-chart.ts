import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CHART, openChart } from "./chart.ts";

/** What ci/minimal-values.yaml says of secrets. */
type MinimalValues = {
  readonly secrets: { readonly values: Readonly<Record<string, string>> };
  readonly kratosEnvironment: {
    readonly values: {
      readonly DATABASE_URL: string;
      readonly SECRETS_COOKIE: string;
      readonly SECRETS_CIPHER: string;
    };
  };
};

/** A values file of the chart's ci folder, by its name without the ending. */
export function readValues<Values>(name: string): Values {
  return parse(readFileSync(join(CHART, "ci", `${name}-values.yaml`), "utf8")) as Values;
}

/** The chart with what it renders of its usual values: the least, everything, and all of it elsewhere. */
export async function openRenderedChart() {
  const chart = await openChart();
  const [least, all, elsewhere] = await Promise.all([
    chart.render({ files: ["minimal"] }),
    chart.render({ files: ["minimal", "all-on"] }),
    chart.render({ files: ["elsewhere"] }),
  ]);
  return { chart, least, all, elsewhere, minimal: readValues<MinimalValues>("minimal") };
}
