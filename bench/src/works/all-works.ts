import type { Bench } from "../processes.ts";
import type { Trial, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { createBodyWorks } from "./bodies.ts";
import { createCeremonyWorks } from "./ceremonies.ts";
import { createColdWorks } from "./cold.ts";
import { createForwardAuthWorks } from "./forward-auth.ts";
import { createGrowthWorks } from "./growth.ts";
import { createLargeGrowthWorks } from "./large-growth.ts";
import { createProxyWorks } from "./proxy.ts";
import { createSessionWorks } from "./session.ts";
import { createStreamWorks } from "./streams.ts";

export type CreateWorks = (bench: Bench, scale: Scale) => Promise<readonly (Work | Trial)[]>;

/** Everything `npm run bench` measures, by the names it is asked for with; in this order. */
export const WORKS: Readonly<Record<string, CreateWorks>> = {
  session: createSessionWorks,
  "forward-auth": createForwardAuthWorks,
  proxy: createProxyWorks,
  cold: createColdWorks,
  bodies: createBodyWorks,
  ceremonies: createCeremonyWorks,
  growth: createGrowthWorks,
  "large-growth": createLargeGrowthWorks,
  streams: createStreamWorks,
};
