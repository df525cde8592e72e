import type { Bench } from "../processes.ts";
import type { Trial, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { withMemory } from "../with-memory.ts";
import { createBodyWorks } from "./bodies.ts";
import { createCeremonyWorks } from "./ceremonies.ts";
import { createColdWorks } from "./cold.ts";
import { createForwardAuthWorks } from "./forward-auth.ts";
import { createGrowthWorks } from "./growth.ts";
import { createLargeGrowthWorks } from "./large-growth.ts";
import { createProxyWorks } from "./proxy.ts";
import { createSessionWorks } from "./session.ts";
import { createSizingWorks } from "./sizing.ts";
import { createStartWorks } from "./start.ts";
import { createStreamWorks } from "./streams.ts";
import { createWorkersWorks } from "./workers.ts";

export type CreateWorks = (bench: Bench, scale: Scale) => Promise<readonly (Work | Trial)[]>;

/** Under these the gateway's memory is looked at. */
const watched =
  (create: CreateWorks): CreateWorks =>
  async (bench, scale) =>
    (await create(bench, scale)).map(withMemory);

/**
 * Everything `npm run bench` measures, by the names it is asked for with; in this order: the first works meet one gateway,
 * and what a hundred thousand sessions leave in its memory comes last of them.
 */
export const WORKS: Readonly<Record<string, CreateWorks>> = {
  session: watched(createSessionWorks),
  "forward-auth": watched(createForwardAuthWorks),
  proxy: watched(createProxyWorks),
  bodies: createBodyWorks,
  cold: createColdWorks,
  ceremonies: createCeremonyWorks,
  growth: createGrowthWorks,
  "large-growth": createLargeGrowthWorks,
  streams: createStreamWorks,
  workers: createWorkersWorks,
  start: createStartWorks,
  sizing: createSizingWorks,
};
