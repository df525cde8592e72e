import type { LiveSession } from "../sessions/live-session.ts";
import type { Identity, SourceAnswer } from "../sessions/session.ts";

/** The name of Kratos' session cookie, as kratos.yml sets it. */
export const KRATOS_SESSION_COOKIE = "ory_kratos_session";

/** The identity that cannot be (RFC 9562, 5.9): stands in where the work is to be the same for nobody. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

/** An identity as Kratos' admin API knows it. */
export type KratosIdentity = {
  readonly identity: Identity;
  /** False when deactivated: such an identity cannot sign in. */
  readonly active: boolean;
  /** Whether a password is set. Kratos keeps a credential of that type for everyone, by the e-mail alone. */
  readonly hasPassword: boolean;
  /** Whether Kratos has a credential for codes by e-mail, good for a sign-in where that is allowed (CODE_SIGN_IN). */
  readonly hasCode: boolean;
};

export type RecoveryCode = { readonly flowId: string; readonly code: string; readonly expiresAt: Date };

/** The part of the port that makes, changes and closes accounts. */
export type KratosAccounts = {
  /**
   * POST /admin/identities, without a password and with the address unverified; null when the address is taken.
   * Throws Problem invalid_request when the identity schema refuses it, OutageError.
   */
  readonly createIdentity: (person: {
    readonly email: string;
    readonly name: string | null;
  }) => Promise<Identity | null>;
  /** DELETE /admin/identities/{id}; one that is gone already is fine. Throws OutageError. */
  readonly deleteIdentity: (id: string) => Promise<void>;
  /** Starts a verification flow and has its code mailed; the flow's id. Throws OutageError. */
  readonly sendVerification: (email: string) => Promise<string>;
  /** Takes the password away; false when there was none. Throws OutageError. */
  readonly removePassword: (identityId: string) => Promise<boolean>;
};

/**
 * The port to Ory Kratos. Every call has a deadline; a part that cannot be asked is an OutageError
 * (or the answer "unavailable"), never an absence.
 */
export type KratosClient = KratosAccounts & {
  /** GET /sessions/whoami with the value of Kratos' session cookie. Never throws. */
  readonly whoami: (sessionCookie: string) => Promise<SourceAnswer>;
  /** GET /admin/identities/{id}; null when there is no such identity. Throws OutageError. */
  readonly findIdentity: (id: string) => Promise<KratosIdentity | null>;
  /** The identity that signs in by this e-mail, in whatever spelling; null when there is none. Throws OutageError. */
  readonly findIdentityByEmail: (email: string) => Promise<KratosIdentity | null>;
  /** DELETE /admin/sessions/{id}; a session that is gone already is fine. Throws OutageError. */
  readonly endSession: (id: string) => Promise<void>;
  /** The live sessions of an identity, the newest LISTED_AT_MOST; none when there is no such identity. Throws OutageError. */
  readonly sessionsOf: (identityId: string) => Promise<readonly LiveSession[]>;
  /** Ends the active sessions of an identity but the kept one; the ids of those that were ended. Throws OutageError. */
  readonly endOtherSessionsOf: (identityId: string, keptSessionId: string | null) => Promise<readonly string[]>;
  /** POST /admin/recovery/code: a code that opens the settings without the mail. Throws OutageError. */
  readonly createRecoveryCode: (identityId: string) => Promise<RecoveryCode>;
  /** GET /health/ready. Throws OutageError. */
  readonly ready: () => Promise<void>;
};
