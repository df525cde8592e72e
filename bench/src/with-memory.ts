import { residentBytesOf, watchMemory } from "./resident-memory.ts";
import type { Figure, Trial, Work } from "./rounds.ts";

const MEGABYTE = 2 ** 20;

/** Megabytes of resident memory that one process of the gateway may have under load. */
const MOST = 180;

/** A work that also tells how much memory the gateway's process had while it was loaded. */
export function withMemory<W extends Work | Trial>(work: W): W | Work {
  if ("run" in work) return work;
  const { pid } = work.gateway;
  let most = 0;
  const measure: Work["gateway"]["measure"] = async (milliseconds) => {
    const { result, most: bytes } = await watchMemory(pid, () => work.gateway.measure(milliseconds));
    most = Math.max(most, (bytes ?? 0) / MEGABYTE);
    return result;
  };
  const figures = async (): Promise<Figure[]> => [
    ...((await work.figures?.()) ?? []),
    { what: "the gateway's memory, at most", value: most, unit: "MB", target: { atMost: MOST } },
    { what: "the gateway's memory in the end", value: (residentBytesOf(pid) ?? 0) / MEGABYTE, unit: "MB" },
  ];
  return { ...work, gateway: { ...work.gateway, measure }, figures };
}
