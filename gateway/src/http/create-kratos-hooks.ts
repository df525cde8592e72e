import type { Router } from "express";
import type { Adapters } from "../adapters.ts";
import { createRedisHookCallStore } from "../kratos/hook-call-store.ts";
import { createKratosHooks } from "../kratos/kratos-hooks.ts";
import type { Sessions } from "../sessions/create-sessions.ts";
import { createRedisKeptSessionStore } from "../sessions/kept-session-store.ts";
import { createKratosHookRoutes } from "./kratos-hook-routes.ts";

/** Kratos' web hooks, put together. */
export function createKratosHookApi(
  adapters: Adapters,
  { endings, forgetIdentity, identitySessions }: Sessions,
): Router {
  const { audit, clock, config, redis } = adapters;
  const handle = createKratosHooks({
    calls: createRedisHookCallStore(redis),
    keptSessions: createRedisKeptSessionStore(redis),
    sessions: identitySessions,
    endings,
    forgetIdentity,
    audit,
    clock,
  });
  return createKratosHookRoutes({ handle, secrets: config.kratosHookSecrets });
}
