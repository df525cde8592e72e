import { createCpuMeter } from "./cpu-meter.ts";
import type { Bench } from "./processes.ts";
import type { Result } from "./report.ts";
import { type RoundSettings, runRounds, runTrial, type Trial, type Work } from "./rounds.ts";
import type { Scale } from "./scale.ts";
import { WORKS } from "./works/all-works.ts";

export type RunSettings = RoundSettings & { readonly scale: Scale };

type Servers = Readonly<Record<string, number>>;

function storesOf({ stack, kratos }: Bench): Servers {
  const pids = { kratos: kratos.pid, redis: stack.redis.pid(), postgres: stack.postgres.pid() };
  return Object.fromEntries(Object.entries(pids).flatMap(([name, pid]) => (pid === null ? [] : [[name, pid]])));
}

/** The servers that several sides ask, for the processor time that a side's work costs there. */
function sharedServers(bench: Bench): Servers {
  const others = bench.others.flatMap((other, place) =>
    Object.entries(storesOf(other)).map(([name, pid]) => [`${name} of world ${place + 2}`, pid] as const),
  );
  return { ...storesOf(bench), upstream: bench.upstream.pid, ...Object.fromEntries(others) };
}

type Tell = (line: string) => void;

async function runWork(bench: Bench, work: Work | Trial, settings: RunSettings, tell: Tell): Promise<Result> {
  if ("run" in work) return runTrial(work);
  const result = await runRounds(work, settings, createCpuMeter(sharedServers(bench)));
  const remark = await work.remark?.();
  if (remark) tell(remark);
  return result;
}

/**
 * Measures groups of works one after the other.
 * @param names keys of WORKS.
 * @param tell told which work is running, and what is to be said of it.
 */
export async function runWorks(
  bench: Bench,
  names: readonly string[],
  settings: RunSettings,
  tell: Tell = console.error,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    for (const work of (await WORKS[name]?.(bench, settings.scale)) ?? []) {
      tell(`${work.name} …`);
      results.push(await runWork(bench, work, settings, tell));
    }
  }
  return results;
}
