import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { SendNotice } from "../mail/notice.ts";
import type { RecoveryCodes } from "../recovery/recovery-codes.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import { accountKey } from "./account-key.ts";
import { emailAddress } from "./email-address.ts";
import { answerInEqualTime } from "./equal-time.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { readBody } from "./request-body.ts";
import { placeOf } from "./request-place.ts";
import type { SessionBody } from "./session-body.ts";
import { sessionOf } from "./session-context.ts";

export type RecoveryRouteDeps = {
  readonly codes: RecoveryCodes;
  readonly notices: SendNotice;
  readonly signIn: BrowserSessions["signIn"];
  readonly sessionBody: SessionBody;
  readonly guards: { readonly signedIn: RequestHandler; readonly privileged: RequestHandler };
  readonly limits: {
    readonly creation: RateLimiter;
    readonly account: RateLimiter;
    readonly address: RequestHandler;
  };
};

/** Longer than the slow hash and the look-ups around it usually take. */
const EQUAL_TIME = 500;

const signInBody = z.object({ email: emailAddress, code: z.string().min(1).max(64) });

/** GET /api/recovery-codes */
function showState({ codes }: RecoveryRouteDeps): RequestHandler {
  return async (_request, response) => {
    const { remaining, createdAt } = await codes.stateOf(sessionOf(response).identity.id);
    response.json({ remaining, created_at: createdAt?.toISOString() ?? null });
  };
}

/** POST /api/recovery-codes */
function createCodes({ codes, notices, limits }: RecoveryRouteDeps): RequestHandler {
  return async (request, response) => {
    const { identity } = sessionOf(response);
    await limits.creation(identity.id);
    const created = await codes.create(identity.id);
    await notices({ identity, event: { kind: "recovery_codes_created" }, place: placeOf(request) });
    response.status(201).json({ codes: created });
  };
}

/**
 * POST /api/auth/recovery-code
 *
 * The limits come before anything that depends on the account, and count for addresses without one as well.
 */
function signInWithCode({ codes, notices, limits, signIn, sessionBody }: RecoveryRouteDeps): RequestHandler {
  return async (request, response) => {
    const typed = readBody(signInBody, request.body);
    await limits.account(accountKey(typed.email));
    const redeemed = await answerInEqualTime(() => codes.redeem(typed.email, typed.code), EQUAL_TIME);
    const { identity, remaining } = redeemed;
    const session = await signIn(request, response, { method: "recovery_code", identity }).catch(async (error) => {
      // What cannot be given back either is one code less: the first failure is the one to tell.
      await redeemed.giveBack().catch(() => undefined);
      throw error;
    });
    await notices({ identity, event: { kind: "recovery_code_used", remaining }, place: placeOf(request) });
    response.json(await sessionBody(session));
  };
}

/** The routes of recovery codes, under /api. */
export function createRecoveryRoutes(deps: RecoveryRouteDeps): Router {
  const { signedIn, privileged } = deps.guards;
  const router = Router();
  router.get("/recovery-codes", signedIn, showState(deps));
  router.post("/recovery-codes", signedIn, privileged, createCodes(deps));
  router.post("/auth/recovery-code", deps.limits.address, signInWithCode(deps));
  return router;
}
