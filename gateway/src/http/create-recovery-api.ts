import type { RequestHandler, Router } from "express";
import type { Adapters } from "../adapters.ts";
import { createPostgresUserHandleStore } from "../passkeys/user-handle-store.ts";
import { createPostgresRecoveryCodeStore } from "../recovery/recovery-code-store.ts";
import { createRecoveryCodes } from "../recovery/recovery-codes.ts";
import { createSlowHash } from "../recovery/slow-hash.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import { createRateLimiter, limitByAddress, type RateLimit } from "./rate-limit.ts";
import { createRecoveryRoutes } from "./recovery-routes.ts";
import type { SessionBody } from "./session-body.ts";

const QUARTER_HOUR = 15 * 60;

const LIMITS = {
  account: { name: "recovery-account", points: 5, seconds: QUARTER_HOUR },
  address: { name: "recovery-address", points: 20, seconds: 4 * QUARTER_HOUR },
  /** Ten slow hashes each. */
  creation: { name: "recovery-creation", points: 5, seconds: QUARTER_HOUR },
};

const SLOW_HASHES = { atOnce: 2, waiting: 40 };

export type RecoveryParts = {
  readonly signIn: BrowserSessions["signIn"];
  readonly sessionBody: SessionBody;
  readonly guards: { readonly signedIn: RequestHandler; readonly privileged: RequestHandler };
};

/** Recovery codes: /api/recovery-codes and /api/auth/recovery-code. */
export function createRecoveryApi(adapters: Adapters, parts: RecoveryParts): Router {
  const { config, redis, database, clock, notices } = adapters;
  const limiter = (limit: RateLimit) => createRateLimiter(redis, limit, config.rateLimitFactor);
  const codes = createRecoveryCodes({
    ...adapters,
    store: createPostgresRecoveryCodeStore(database),
    userHandles: createPostgresUserHandleStore(database, clock),
    slowHash: createSlowHash(SLOW_HASHES),
  });
  const limits = {
    account: limiter(LIMITS.account),
    address: limitByAddress(limiter(LIMITS.address)),
    creation: limiter(LIMITS.creation),
  };
  return createRecoveryRoutes({ ...parts, codes, notices, limits });
}
