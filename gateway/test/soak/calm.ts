import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../scripts/wait-until.ts";
import type { SoakWorld } from "./soak-world.ts";

const SETTLING = 3_000;

/** Whether all is well: no trouble is on, and both replicas have been ready for a while. */
export type Calm = {
  /** Since when (performance.now()); null: it is not. */
  readonly since: () => number | null;
  readonly troubleBegins: () => void;
  readonly troubleEnds: () => void;
  readonly wait: () => Promise<void>;
};

async function allReady({ replicas }: SoakWorld): Promise<boolean> {
  const answers = await Promise.all(
    replicas.map(({ address }) => fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(10_000) })),
  );
  return answers.every(({ status }) => status === 200);
}

export function createCalm(world: SoakWorld, signal: AbortSignal): Calm {
  let active = 0;
  let begun = 0;
  let since: number | null = null;

  const settle = async (round: number) => {
    while (!signal.aborted && active === 0 && begun === round) {
      const ready = await allReady(world).catch(() => false);
      if (ready) await delay(SETTLING);
      if (ready && active === 0 && begun === round) {
        since = performance.now();
        return;
      }
      if (!ready) await delay(250);
    }
  };
  const calm: Calm = {
    since: () => since,
    troubleBegins: () => {
      active += 1;
      begun += 1;
      since = null;
    },
    troubleEnds: () => {
      active -= 1;
      if (active === 0) void settle(begun);
    },
    wait: () =>
      waitUntil(
        async () => {
          if (since === null) throw new Error(`${active} troubles are on`);
        },
        { what: "all to be well", timeout: 120_000 },
      ),
  };
  void settle(0);
  return calm;
}
