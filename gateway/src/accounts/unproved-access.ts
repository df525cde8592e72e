import type { KratosClient, KratosIdentity } from "../kratos/kratos-client.ts";
import type { SendNotice } from "../mail/notice.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { PasskeySummary } from "../passkeys/passkey-summary.ts";
import type { UserHandleStore } from "../passkeys/user-handle-store.ts";
import type { IdentitySessions } from "../sessions/identity-sessions.ts";

export type UnprovedAccessDeps = {
  readonly userHandles: Pick<UserHandleStore, "forget">;
  readonly kratos: Pick<KratosClient, "removePassword">;
  readonly passkeySummary: Pick<PasskeySummary, "drop">;
  readonly sessions: Pick<IdentitySessions, "endAllOf">;
  readonly notices: SendNotice;
  readonly audit: AuditLog;
};

/**
 * Takes every way into an account away, and tells its owner by mail: passkeys and recovery codes with
 * their user handle, the password, sessions of both kinds. What is gone already does no harm, so that it can be tried again after an outage.
 * @param keptSessionId the Kratos session by which the owner has just come in.
 */
export type RemoveUnprovedAccess = (account: KratosIdentity, keptSessionId: string | undefined) => Promise<void>;

/** Rejects with OutageError when not all of it could be taken away. */
export function createRemoveUnprovedAccess(deps: UnprovedAccessDeps): RemoveUnprovedAccess {
  return async ({ identity }, keptSessionId) => {
    // The passkeys before the sessions, so that none of them makes another one in between.
    const credentials = await deps.userHandles.forget(identity.id);
    deps.passkeySummary.drop(identity.id);
    const password = await deps.kratos.removePassword(identity.id);
    await deps.sessions.endAllOf(identity.id, keptSessionId);
    if (credentials.length === 0 && !password) return;
    const passkeyNames = credentials.map(({ name }) => name);
    const detail = { passkeys: credentials.length, password };
    deps.audit({ event: "account.unproved_access_removed", identityId: identity.id, detail });
    await deps.notices({
      identity,
      event: { kind: "unproved_sign_in_removed", passkeyNames, password },
      place: null,
    });
  };
}
