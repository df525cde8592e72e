import { residentMegabytes } from "../memory.ts";
import type { Bench } from "../processes.ts";
import type { Figure, Work } from "../rounds.ts";

/** Megabytes of resident memory that the gateway may have under load. */
const MOST = 180;

/** A work that also says how much memory the gateway's process had while it did its part. */
export function withMemory(work: Work): Work {
  let max = 0;
  const measure: Work["gateway"]["measure"] = async (milliseconds) => {
    const look = () => {
      max = Math.max(max, residentMegabytes(work.gateway.pid));
    };
    const timer = setInterval(look, 100);
    try {
      return await work.gateway.measure(milliseconds);
    } finally {
      clearInterval(timer);
      look();
    }
  };
  const figures = async (): Promise<Figure[]> => [
    ...((await work.figures?.()) ?? []),
    { what: "the gateway's memory, at most", value: max, unit: "MB", target: { atMost: MOST } },
  ];
  return { ...work, gateway: { ...work.gateway, measure }, figures };
}

/** Every work of a group with its memory. */
export const allWithMemory =
  (create: (bench: Bench, ...rest: never[]) => Promise<readonly Work[]>) => create;
