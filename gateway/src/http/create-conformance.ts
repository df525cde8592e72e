import type { Router } from "express";
import type { Adapters } from "../adapters.ts";
import { createConformanceCeremonies } from "../conformance/conformance-ceremonies.ts";
import { createRedisChallengeStore } from "../passkeys/challenge-store.ts";
import { createRelyingParty } from "../passkeys/relying-party.ts";
import { createConformanceRoutes } from "./conformance-routes.ts";

/** The API of the FIDO2 server conformance tool, or null where the settings do not ask for it. */
export function createConformance({ config, clock, redis, log, metadata }: Adapters): Router | null {
  if (!config.fidoConformance) return null;
  log.warn("FIDO_CONFORMANCE is on: anyone may register test credentials");
  const relyingParty = createRelyingParty(config.passkeys);
  const challenges = createRedisChallengeStore(redis, config.passkeys.challengeTtl, clock);
  return createConformanceRoutes(
    createConformanceCeremonies({ relyingParty, challenges, findModel: metadata.find, clock }),
  );
}
