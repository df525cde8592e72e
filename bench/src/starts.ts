import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { checkHttp } from "../../scripts/parts/http-check.ts";
import type { PartPlan } from "../../scripts/parts/part.ts";
import type { Side } from "./rounds.ts";

const POLL = 5;
const LONGEST_START = 30_000;

/** What Node runs, and its settings, at a port. */
export type PlanStart = (port: number) => Pick<PartPlan, "args" | "env">;

/** Seconds from the start of a program until it says that it is ready; it is ended then. */
async function timeStart(planAt: PlanStart): Promise<number> {
  const port = await findFreePort();
  const { args, env } = planAt(port);
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, env, stdio: "ignore" });
  const ended = once(child, "exit");
  try {
    for (;;) {
      const ready = await checkHttp(`http://127.0.0.1:${port}/health/ready`).then(
        () => true,
        () => false,
      );
      const milliseconds = performance.now() - began;
      if (ready) return milliseconds / 1_000;
      if (child.exitCode !== null || milliseconds > LONGEST_START) throw new Error(`${args.at(-1)} did not start`);
      await sleep(POLL);
    }
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** A side whose work is to start, again and again; its processes' own time is not known, for they are gone. */
export function createStartSide(name: string, planAt: PlanStart): Side {
  return {
    name,
    pid: process.pid,
    measure: async (milliseconds) => {
      const until = performance.now() + milliseconds;
      let done = 0;
      let seconds = 0;
      do {
        seconds += await timeStart(planAt);
        done += 1;
      } while (performance.now() < until);
      return { done, seconds };
    },
  };
}
