import type { Logger } from "pino";

/** What is kept for those who answer for the accounts. Never a secret, a cookie or a challenge. */
export type AuditEvent = {
  readonly event: string;
  readonly identityId?: string;
  readonly credentialId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

export type AuditLog = (event: AuditEvent) => void;

/** Audit events as lines of the structured log, told apart by `audit: true`. */
export function createAuditLog(log: Logger): AuditLog {
  return ({ event, identityId, credentialId, detail }) => {
    log.info({ audit: true, event, identity_id: identityId, credential_id: credentialId, ...detail }, event);
  };
}
