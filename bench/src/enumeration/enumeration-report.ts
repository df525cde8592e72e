import { loadavg } from "node:os";
import { formatTable } from "../../../scripts/manage/table.ts";
import { rankTest } from "../rank-test.ts";
import { quantile } from "../statistics.ts";
import type { StartAnswer } from "./start-answer.ts";

/** What was seen of addresses with an account, and of others. */
export type Pair<T> = { readonly known: readonly T[]; readonly unknown: readonly T[] };

type Asked = StartAnswer & { readonly username: string };

const both = <T>({ known, unknown }: Pair<T>) => [...known, ...unknown];

/** How often each number of credentials came. */
function counts(answers: readonly Asked[]): string {
  const tally = new Map<number, number>();
  for (const { count } of answers) tally.set(count, (tally.get(count) ?? 0) + 1);
  return [...tally]
    .toSorted(([one], [other]) => one - other)
    .map(([count, often]) => `${count}: ${often}`)
    .join(", ");
}

/**
 * What the answers are alike in.
 * @param again further answers for some of the addresses.
 * @throws Error when one differs from the others in more than random values, or an address' list changed.
 */
export function describeAnswers(answers: Pair<Asked>, again: Pair<Asked>): string[] {
  const all = both(answers);
  const forms = new Set(all.map(({ form }) => form));
  const entryForms = new Set(all.flatMap((answer) => answer.entryForms));
  if (forms.size !== 1) throw new Error(`The answers differ:\n${[...forms].join("\n\n")}`);
  if (entryForms.size !== 1) throw new Error(`The lists' entries differ: ${[...entryForms].join("; ")}`);
  const lists = new Map(all.map(({ username, list }) => [username, list]));
  const changed = both(again).filter(({ username, list }) => lists.get(username) !== list);
  if (changed.length > 0) throw new Error(`${changed.length} addresses got another list when asked again`);
  return [
    `${all.length} answers are alike but for challenge, ceremony_id, cookie and list; every entry is ${[...entryForms]}`,
    `${both(again).length} addresses asked again got the same list, byte by byte`,
    `credentials listed (how many: how often), known: ${counts(answers.known)}`,
    `credentials listed (how many: how often), unknown: ${counts(answers.unknown)}`,
  ];
}

const SHARES = [0.25, 0.5, 0.75, 0.95, 0.99];
const HEADING = ["address", "n", "first quartile", "median", "third quartile", "p95", "p99"];

/** Quartiles of both kinds in milliseconds, the rank test's verdict, and how busy the machine is. */
export function describeTimes(what: string, times: Pair<number>): string[] {
  const row = (name: string, values: readonly number[]) => [
    name,
    String(values.length),
    ...SHARES.map((share) => `${quantile(values, share).toFixed(3)} ms`),
  ];
  const { u, p } = rankTest(times.known, times.unknown);
  return [
    "",
    `${what} (load ${loadavg()
      .map((load) => load.toFixed(2))
      .join(" ")})`,
    ...formatTable(HEADING, [row("known", times.known), row("unknown", times.unknown)]),
    `Mann–Whitney U = ${u}, two-sided p = ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)}`,
  ];
}
