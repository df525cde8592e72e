import { INVARIANTS, type Invariant, type Ledger, type Violation } from "./ledger.ts";
import { type Growth, MEGABYTE } from "./process-watch.ts";

export type SoakResult = {
  readonly seed: number;
  readonly minutes: number;
  readonly people: number;
  /** What the seed stands for. */
  readonly plan: string;
  readonly began: string;
  readonly actions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly troubles: Readonly<Record<string, number>>;
  readonly invariants: Readonly<Record<string, number>>;
  readonly endedSessions: number;
  readonly guests: number;
  /** Of each replica; null where it did not run long enough. */
  readonly growth: readonly (Growth | null)[];
  readonly violations: readonly Violation[];
};

export const replayLine = ({ seed, minutes }: Pick<SoakResult, "seed" | "minutes">) =>
  `npm run soak -- --minutes ${minutes} --seed ${seed}`;

const inWords = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");

const megabytes = (bytes: number) => `${Math.round(bytes / MEGABYTE)} MB`;

function growthLine(growth: Growth | null, index: number): string {
  const name = `replica ${index + 1}`;
  if (!growth) return `${name}: ran too short a time`;
  const { second, last, tenths } = growth;
  const course = tenths.map(({ memory }) => Math.round(memory / MEGABYTE)).join(" ");
  const memory = `${megabytes(second.memory)} in the second fifth, ${megabytes(last.memory)} in the last (${course})`;
  return `${name}: ${memory}; ${second.handles} open files, then ${last.handles}`;
}

export const toRecord = <Key extends string>(counts: ReadonlyMap<Key, number>) => Object.fromEntries(counts);

export const outcomesOf = ({ outcomes }: Ledger) =>
  Object.fromEntries([...outcomes].toSorted().map(([action, counts]) => [action, toRecord(counts)]));

/** What a run came to, for people. */
export function reportOf(result: SoakResult): string[] {
  const names = Object.keys(INVARIANTS) as Invariant[];
  const broken = (name: Invariant) => result.violations.filter(({ invariant }) => invariant === name).length;
  const verdict = (name: Invariant) => (broken(name) > 0 ? `BROKEN ${broken(name)} times` : "held");
  return [
    `seed ${result.seed} (plan ${result.plan}), ${result.minutes} minutes, ${result.people} people`,
    "",
    "What people did:",
    ...Object.entries(result.actions).map(([action, counts]) => `  ${action}: ${inWords(counts)}`),
    "",
    "What went wrong:",
    ...Object.entries(result.troubles).map(([kind, count]) => `  ${count} × ${kind}`),
    "",
    "What had to hold:",
    ...names.map((name) => `  ${verdict(name)}, ${result.invariants[name] ?? 0} checks: ${INVARIANTS[name]}`),
    `  (${result.endedSessions} sessions were ended; ${result.guests} people signed up by passkey)`,
    "",
    ...result.growth.map(growthLine),
    ...result.violations.slice(0, 20).map(({ at, invariant, what }) => `${at} ${invariant}: ${what}`),
    "",
    result.violations.length > 0 ? `NOT all held. The same again: ${replayLine(result)}` : "All of it held.",
  ];
}
