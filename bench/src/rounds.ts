import { type CpuMeter, type CpuReading, usedBetween, usedBySide } from "./cpu-meter.ts";
import { ratios, type Summary, summarise } from "./statistics.ts";
import { meets, type Target } from "./targets.ts";

/** What a side got done. */
export type Run = { readonly done: number; readonly seconds: number };

/** One that does the work: the gateway, or something to hold it against. */
export type Side = {
  readonly name: string;
  /** The process that does it, with all that it starts. */
  readonly pid: number;
  /** Works for about so many milliseconds. Rejects on a wrong answer. */
  readonly measure: (milliseconds: number) => Promise<Run>;
};

/** What the gateway's rate has to be as a multiple of the other's; `of` "cpu": of what is done in a second of processor time. */
export type RatioTarget = Target & { readonly of?: "rate" | "cpu" };

export type HeldSide = Side & { readonly target?: RatioTarget };

/** A value that is not held against another side's: memory, a delay, a size. */
export type Figure = { readonly what: string; readonly value: number; readonly unit: string; readonly target?: Target };

export type Work = {
  readonly name: string;
  readonly gateway: Side;
  readonly baselines: readonly HeldSide[];
  /** Milliseconds that each side works in each round at least, where a round as usual is too short. */
  readonly duration?: number;
  /** What was seen besides the rates, asked when it is over. */
  readonly figures?: () => Promise<readonly Figure[]>;
  /** What else can be said when it is over. */
  readonly remark?: () => Promise<string>;
};

/** What is measured once and not in rounds. */
export type Trial = { readonly name: string; readonly run: () => Promise<readonly Figure[]> };

export type RoundSettings = {
  readonly rounds: number;
  /** How long each side works in each round, in milliseconds. */
  readonly duration: number;
  /** How long each side works before the first round; 0: not at all. */
  readonly warmUp: number;
};

/**
 * One value a round: work done a second, and a second of processor time (null: not known), which is that of the side's
 * own process and of the servers it asked.
 */
export type SideResult = {
  readonly name: string;
  readonly rates: readonly number[];
  readonly cpuRates: readonly number[] | null;
  readonly rate: Summary;
  /** Seconds of processor time by process, a round each. */
  readonly cpu: readonly CpuReading[] | null;
};

/** Null: no target was set. */
export type Verdict = { readonly target: RatioTarget; readonly met: boolean } | null;

/** The ratios are the gateway's rates in terms of the baseline's. */
export type BaselineResult = SideResult & {
  readonly ratio: Summary;
  readonly cpuRatio: Summary | null;
  readonly verdict: Verdict;
};

export type FigureResult = Figure & { readonly met: boolean | null };

export type WorkResult = {
  readonly name: string;
  readonly gateway: SideResult;
  readonly baselines: readonly BaselineResult[];
  readonly figures: readonly FigureResult[];
};

export type TrialResult = Pick<WorkResult, "name" | "figures">;

type Lane<S extends Side = Side> = {
  readonly side: S;
  readonly runs: (Run & { readonly cpu: CpuReading | null })[];
};

async function runOnce({ side, runs }: Lane, duration: number, meter: CpuMeter): Promise<void> {
  const before = meter(side.pid);
  const run = await side.measure(duration);
  const after = meter(side.pid);
  runs.push({ ...run, cpu: before && after && usedBetween(before, after) });
}

function sideResult({ side: { name }, runs }: Lane): SideResult {
  const rates = runs.map(({ done, seconds }) => done / seconds);
  const known = runs.flatMap(({ done, cpu }) =>
    cpu && usedBySide(cpu) > 0 ? [{ cpu, rate: done / usedBySide(cpu) }] : [],
  );
  const all = known.length === runs.length;
  return {
    name,
    rates,
    cpuRates: all ? known.map(({ rate }) => rate) : null,
    rate: summarise(rates),
    cpu: all ? known.map(({ cpu }) => cpu) : null,
  };
}

function judge(target: RatioTarget | undefined, ratio: Summary, cpuRatio: Summary | null): Verdict {
  if (!target) return null;
  const judged = target.of === "cpu" ? cpuRatio : ratio;
  return { target, met: judged !== null && meets(target, judged.median) };
}

function held(ours: SideResult, lane: Lane<HeldSide>): BaselineResult {
  const theirs = sideResult(lane);
  const ratio = summarise(ratios(ours.rates, theirs.rates));
  const cpuRatio = ours.cpuRates && theirs.cpuRates ? summarise(ratios(ours.cpuRates, theirs.cpuRates)) : null;
  return { ...theirs, ratio, cpuRatio, verdict: judge(lane.side.target, ratio, cpuRatio) };
}

const judgeFigures = (figures: readonly Figure[]): FigureResult[] =>
  figures.map((figure) => ({ ...figure, met: figure.target ? meets(figure.target, figure.value) : null }));

/** Measures what needs no rounds. */
export async function runTrial({ name, run }: Trial): Promise<TrialResult> {
  return { name, figures: judgeFigures(await run()) };
}

/**
 * Measures all sides of a work in turn, each round beginning with another one: what slows the machine for a while
 * slows all of them.
 */
export async function runRounds(work: Work, settings: RoundSettings, meter: CpuMeter): Promise<WorkResult> {
  const laneOf = <S extends Side>(side: S): Lane<S> => ({ side, runs: [] });
  const gateway = laneOf(work.gateway);
  const baselines = work.baselines.map(laneOf);
  const lanes = [gateway, ...baselines];
  if (settings.warmUp > 0) for (const { side } of lanes) await side.measure(settings.warmUp);
  const duration = Math.max(settings.duration, work.duration ?? 0);
  for (let round = 0; round < settings.rounds; round += 1) {
    const first = round % lanes.length;
    for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      await runOnce(lane, duration, meter);
    }
  }
  const ours = sideResult(gateway);
  return {
    name: work.name,
    gateway: ours,
    baselines: baselines.map((lane) => held(ours, lane)),
    figures: judgeFigures((await work.figures?.()) ?? []),
  };
}
