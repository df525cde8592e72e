import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Calm } from "./calm.ts";
import type { Ledger } from "./ledger.ts";
import type { SoakWorld } from "./soak-world.ts";

const INTERVAL = 1_000;
export const MEGABYTE = 1024 * 1024;
/** A pool each (gateway/src/database.ts), and what watches here. */
const MOST_CONNECTIONS = 10 + 10;

/** Of a process at a moment: bytes that are resident, open files. */
type Sample = { readonly memory: number; readonly handles: number };

/** The middle of the second and of the last fifth of a run, and of each tenth. */
export type Growth = { readonly second: Sample; readonly last: Sample; readonly tenths: readonly Sample[] };

export type ProcessWatch = {
  /** Holds the last fifth of the run against the second one; null where there are too few samples. */
  readonly growth: (replica: number) => Growth | null;
  readonly stop: () => Promise<void>;
};

function sampleOf(pid: number): Sample | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return { memory: kilobytes * 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    // It has just ended.
    return null;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const middleOf = (samples: readonly Sample[]): Sample => ({
  memory: median(samples.map(({ memory }) => memory)),
  handles: median(samples.map(({ handles }) => handles)),
});

async function countConnections({ database }: SoakWorld): Promise<number> {
  const { rows } = await database.raw(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  return z.tuple([z.object({ count: z.coerce.number() })]).parse(rows)[0].count;
}

/** Samples the replicas' processes until it is stopped; of one that was started again what came since. */
export function watchProcesses(world: SoakWorld, ledger: Ledger, calm: Calm): ProcessWatch {
  const stopping = new AbortController();
  const samples: Sample[][] = world.replicas.map(() => []);
  const pids: (number | null)[] = world.replicas.map(() => null);

  const sample = () => {
    for (const [index, { part }] of world.replicas.entries()) {
      const pid = part.pid();
      if (pid !== pids[index]) samples[index] = [];
      pids[index] = pid;
      const taken = pid === null ? null : sampleOf(pid);
      if (taken) samples[index]?.push(taken);
    }
  };
  const probe = async () => {
    const { status } = await fetch(`${world.replicas[0].address}/health/alive`, {
      signal: AbortSignal.timeout(30_000),
    });
    ledger.check("alive", status === 200, () => `/health/alive: ${status}`);
  };
  const round = async () => {
    sample();
    await probe().catch((error: unknown) => ledger.check("alive", false, () => String(error)));
    if (calm.since() === null) return;
    // It may go away at this moment.
    const count = await countConnections(world).catch(() => 0);
    ledger.check("connections", count <= MOST_CONNECTIONS + 2, () => `${count} connections`);
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await round();
      await delay(INTERVAL, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    growth: (replica) => {
      const taken = samples[replica] ?? [];
      const tenth = Math.floor(taken.length / 10);
      if (tenth < 5) return null;
      const from = (start: number, count: number) => middleOf(taken.slice(start * tenth, (start + count) * tenth));
      const tenths = Array.from({ length: 10 }, (_, index) => from(index, 1));
      return { second: from(2, 2), last: from(8, 2), tenths };
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/**
 * Of the replica that ran all the time: flat is less than a fifth or 30 MB more, in each tenth that comes later, and for
 * files less than a fifth or 50.
 */
export function checkGrowth(ledger: Ledger, { second, last, tenths }: Growth): void {
  const isFlat = (before: number, after: number, slack: number) => after < Math.max(before * 1.2, before + slack);
  const highest = Math.max(...tenths.slice(4).map(({ memory }) => memory));
  const memory = isFlat(second.memory, highest, 30 * MEGABYTE);
  ledger.check("memory", memory, () => `${second.memory / MEGABYTE} MB, then ${highest / MEGABYTE} MB`);
  const handles = isFlat(second.handles, last.handles, 50);
  ledger.check("handles", handles, () => `${second.handles}, then ${last.handles}`);
}
