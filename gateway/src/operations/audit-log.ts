/** What is kept for those who answer for the accounts. Never a secret, a cookie or a challenge. */
export type AuditEvent = {
  readonly event: string;
  readonly identityId?: string;
  readonly credentialId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

export type AuditLog = (event: AuditEvent) => void;
