import { ratios, type Summary, summarise } from "./statistics.ts";

/** What a side got done. */
export type Run = { readonly done: number; readonly seconds: number };

/** One that does the work: the gateway, or something to hold it against. */
export type Side = {
  readonly name: string;
  /** The process that does it. */
  readonly pid: number;
  /** Works for about so many milliseconds. Rejects on a wrong answer. */
  readonly measure: (milliseconds: number) => Promise<Run>;
};

export type Work = {
  readonly name: string;
  readonly gateway: Side;
  readonly baselines: readonly Side[];
  /** What else can be said when it is over, besides its rates. */
  readonly remark?: () => Promise<string>;
};

export type RoundSettings = {
  readonly rounds: number;
  /** How long each side works in each round, in milliseconds. */
  readonly duration: number;
  /** How long each side works before the first round. */
  readonly warmUp: number;
};

/** Seconds of processor time a process has used; null where that cannot be known. */
export type CpuTime = (pid: number) => number | null;

/** One value a round: work done a second, and a second of the process' own processor time (null: not known). */
export type SideResult = {
  readonly name: string;
  readonly rates: readonly number[];
  readonly cpuRates: readonly number[] | null;
  readonly rate: Summary;
};

/** The ratios are the gateway's rates in terms of the baseline's. */
export type BaselineResult = SideResult & { readonly ratio: Summary; readonly cpuRatio: Summary | null };

export type WorkResult = {
  readonly name: string;
  readonly gateway: SideResult;
  readonly baselines: readonly BaselineResult[];
};

type Lane = { readonly side: Side; readonly rates: number[]; readonly cpuRates: (number | null)[] };

async function runOnce({ side, rates, cpuRates }: Lane, duration: number, cpuTime: CpuTime): Promise<void> {
  const before = cpuTime(side.pid);
  const { done, seconds } = await side.measure(duration);
  const after = cpuTime(side.pid);
  rates.push(done / seconds);
  cpuRates.push(before === null || after === null || after <= before ? null : done / (after - before));
}

function sideResult({ side, rates, cpuRates }: Lane): SideResult {
  const known = cpuRates.filter((rate) => rate !== null);
  const all = known.length === cpuRates.length ? known : null;
  return { name: side.name, rates, cpuRates: all, rate: summarise(rates) };
}

function held(ours: SideResult, theirs: SideResult): BaselineResult {
  const bothCpu = ours.cpuRates && theirs.cpuRates ? ratios(ours.cpuRates, theirs.cpuRates) : null;
  return {
    ...theirs,
    ratio: summarise(ratios(ours.rates, theirs.rates)),
    cpuRatio: bothCpu && summarise(bothCpu),
  };
}

/**
 * Measures all sides of a work in turn, each round beginning with another one: what slows the machine for a while
 * slows all of them.
 */
export async function runRounds(work: Work, settings: RoundSettings, cpuTime: CpuTime): Promise<WorkResult> {
  const laneOf = (side: Side): Lane => ({ side, rates: [], cpuRates: [] });
  const gateway = laneOf(work.gateway);
  const baselines = work.baselines.map(laneOf);
  const lanes = [gateway, ...baselines];
  for (const { side } of lanes) await side.measure(settings.warmUp);
  for (let round = 0; round < settings.rounds; round += 1) {
    const first = round % lanes.length;
    for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      await runOnce(lane, settings.duration, cpuTime);
    }
  }
  const ours = sideResult(gateway);
  return { name: work.name, gateway: ours, baselines: baselines.map((lane) => held(ours, sideResult(lane))) };
}
