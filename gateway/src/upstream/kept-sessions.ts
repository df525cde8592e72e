import type { Request } from "express";
import type { Config } from "../config.ts";
import type { CachedWhoami } from "../kratos/cached-whoami.ts";
import type { KeptSessionStore } from "../sessions/kept-session-store.ts";
import { kratosCookieOf } from "../sessions/kratos-session-source.ts";
import { readSessionId } from "../sessions/session-cookie.ts";
import type { FlowSubmission } from "./kratos-call.ts";

/** Kratos' web hooks carry it back. Clients' own never reach Kratos. */
export const SUBMISSION_COOKIE = "passbridge_submission";

export type KeptSessionsDeps = {
  readonly store: Pick<KeptSessionStore, "add">;
  readonly whoami: Pick<CachedWhoami, "whoami">;
  readonly config: Pick<Config["session"], "cookieName" | "secrets">;
};

/** Names the submission that is about to be sent, for its web hook; null when nothing is to be remembered of it. */
export type NameSubmission = (submission: FlowSubmission, request: Request) => Promise<string | null>;

/**
 * Remembers which sessions a browser holds that changes its password or recovers its account: those go on.
 * Its function rejects with OutageError.
 */
export function createKeptSessions({ store, whoami, config }: KeptSessionsDeps): NameSubmission {
  return async ({ kind, code }, request) => {
    if (kind !== "settings" && !(kind === "recovery" && code)) return null;
    const passkeySessionId = readSessionId(request.headers.cookie, config.cookieName, config.secrets);
    const cookie = kratosCookieOf(request);
    if (!passkeySessionId && !cookie) return null;
    const password = cookie ? await whoami.whoami(cookie) : null;
    const kratosSessionId = password?.kind === "session" ? password.session.id : null;
    return store.add({ passkeySessionId, kratosSessionId });
  };
}
