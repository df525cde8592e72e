import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { IdentitySessions } from "../sessions/identity-sessions.ts";
import type { KeptSessionStore, KeptSessions } from "../sessions/kept-session-store.ts";
import { publicSessionId } from "../sessions/passkey-session.ts";
import type { SessionEndings } from "../sessions/session-endings.ts";
import type { HookCallStore } from "./hook-call-store.ts";

/** What Kratos tells: the last part of each hook's path, as scripts/parts/kratos-hooks.ts has it. */
export const HOOK_KINDS = ["sign-in", "settings", "verification", "password", "recovery"] as const;

export type HookCall = {
  readonly kind: (typeof HOOK_KINDS)[number];
  /** Kratos' own id of the call; another for the next one. */
  readonly id: string;
  readonly identityId: string;
  readonly flowExpiresAt: Date;
  /** The submission behind it, when that came through the gateway. */
  readonly submission: string | null;
};

export type KratosHooksDeps = {
  readonly calls: HookCallStore;
  readonly keptSessions: Pick<KeptSessionStore, "find">;
  readonly sessions: Pick<IdentitySessions, "endPasskeySessionsOf">;
  readonly endings: Pick<SessionEndings, "announce">;
  /** What is known of an identity holds no more. */
  readonly forgetIdentity: (identityId: string) => void;
  readonly audit: AuditLog;
  readonly clock: Clock;
};

/** What ends every other session, and how the audit log calls it. */
const ENDS_OTHERS: Readonly<Partial<Record<HookCall["kind"], string>>> = {
  password: "account.password_changed",
  recovery: "account.recovered",
};

/** Kratos may work on a submission for a while, and repeats a call. */
const GRACE = 5 * 60_000;

const idsOf = ({ passkeySessionId, kratosSessionId }: KeptSessions) => [
  ...(passkeySessionId ? [publicSessionId(passkeySessionId)] : []),
  ...(kratosSessionId ? [kratosSessionId] : []),
];

/** Kratos has ended its own sessions before it calls; here the gateway's own, and what is open of either. */
async function endOthers(deps: KratosHooksDeps, { identityId, submission }: HookCall, event: string): Promise<void> {
  const kept = submission === null ? null : await deps.keptSessions.find(submission);
  const ended = await deps.sessions.endPasskeySessionsOf(identityId, kept?.passkeySessionId);
  deps.endings.announce({ identityId, kept: kept ? idsOf(kept) : [] });
  deps.audit({ event, identityId, detail: { ended_passkey_sessions: ended } });
}

/**
 * Does what a web hook of Kratos asks for: what is known of the identity is dropped everywhere; a new password and a
 * recovery end its sessions in every browser but the one that made the change. Each call counts once.
 * @throws Problem invalid_request when the flow ran out, OutageError; then nothing was done, and the call may come again.
 */
export function createKratosHooks(deps: KratosHooksDeps): (call: HookCall) => Promise<void> {
  return async (call) => {
    const lifetime = call.flowExpiresAt.getTime() + GRACE - deps.clock().getTime();
    if (lifetime <= 0) throw new Problem("invalid_request", { detail: "The flow ran out." });
    if (!(await deps.calls.take(call.id, lifetime))) return;
    try {
      deps.forgetIdentity(call.identityId);
      const event = ENDS_OTHERS[call.kind];
      if (event) await endOthers(deps, call, event);
    } catch (error) {
      await deps.calls.giveBack(call.id).catch(() => undefined);
      throw error;
    }
  };
}
