import type { Failure, FailureCode } from "./failure.ts";
import type {
  AuthenticatedSession,
  ListedSession,
  LoginCeremony,
  LoginFinish,
  LoginStart,
  Logout,
  PageSettings,
  Passkey,
  PasskeyAnswer,
  PasskeyAvailability,
  PasskeyList,
  PasswordReset,
  RecoveryCodeSignIn,
  RecoveryCodeState,
  RecoveryCodes,
  RegistrationCeremony,
  RegistrationFinish,
  RegistrationStart,
  RelyingParty,
  Revoked,
  Session,
  SessionList,
  SignupFinish,
  SignupStart,
} from "./generated/contract.ts";
import { type CallOptions, type ClientOptions, createHttp } from "./http.ts";

export type { Failure, FailureCode } from "./failure.ts";
export type * from "./generated/contract.ts";
export type { CallOptions, ClientOptions, Fetch } from "./http.ts";

/** What every function of the client rejects with (an aborted call apart, which rejects with the abort's reason). */
export class ApiError extends Error implements Failure {
  override readonly name = "ApiError";
  readonly code: FailureCode;
  readonly status: number;
  readonly detail: string;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.detail}`, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.detail = failure.detail;
    this.retryAfter = failure.retryAfter;
    this.requestId = failure.requestId;
    this.members = failure.members ?? {};
  }
}

/** A session that changed since the ETag one came with, or word that it did not. */
export type SessionPoll =
  | { readonly kind: "changed"; readonly session: Session; readonly etag: string | null }
  | { readonly kind: "unchanged" };

/** The session of a new account, and the page on which its mailed code is entered, where a mail was sent. */
export type SignedUp = { readonly session: AuthenticatedSession; readonly verifyPage: string | null };

export type Client = ReturnType<typeof createClient>;

/**
 * Makes the typed functions of the HTTP contract (docs/openapi.yaml) for a page on the gateway's origin. No state, no
 * caching. Every function rejects with ApiError.
 */
export function createClient(options: ClientOptions = {}) {
  const { send, urlOf, read } = createHttp(options, (failure) => new ApiError(failure));
  const get = async <T>(path: string, call?: CallOptions) => read<T>(await send({ ...call, method: "GET", path }));
  const post = async <T>(path: string, body: object, call?: CallOptions) =>
    read<T>(await send({ ...call, method: "POST", path, body }));
  const passkeyPath = (id: string) => `/api/passkeys/${encodeURIComponent(id)}`;

  return {
    /** GET /api/auth/session: who is signed in. An outage is an ApiError, never `authenticated: false`. */
    session: (call?: CallOptions) => get<Session>("/api/auth/session", call),

    /** GET /api/auth/session with If-None-Match: the session, if its ETag is not the one given. */
    async pollSession(etag: string | null, call?: CallOptions): Promise<SessionPoll> {
      const headers: Record<string, string> = etag === null ? {} : { "If-None-Match": etag };
      const response = await send({ ...call, method: "GET", path: "/api/auth/session", headers, accept: [304] });
      if (response.status === 304) return { kind: "unchanged" };
      return { kind: "changed", session: await read<Session>(response), etag: response.headers.get("ETag") };
    },

    /** GET /api/auth/events: the address for an EventSource; `session` events carry the session object. */
    sessionEventsUrl: () => urlOf("/api/auth/events"),

    /** POST /api/auth/logout: ends both kinds of session here, or everywhere; fine when there is none. */
    async logout(body: Logout = {}, call?: CallOptions): Promise<void> {
      await send({ ...call, method: "POST", path: "/api/auth/logout", body });
    },

    /** POST /api/auth/password-reset: a Kratos recovery flow and its code, for a privileged person without a Kratos session. */
    startPasswordReset: (call?: CallOptions) => post<PasswordReset>("/api/auth/password-reset", {}, call),

    /** POST /api/passkeys/login/start: the options for navigator.credentials.get(). */
    startLogin: (body: LoginStart = {}, call?: CallOptions) =>
      post<LoginCeremony>("/api/passkeys/login/start", body, call),

    /** POST /api/passkeys/login/finish: signs in. `challenge_invalid`: start again; `credential_unknown`: signal it. */
    finishLogin: (body: LoginFinish, call?: CallOptions) =>
      post<AuthenticatedSession>("/api/passkeys/login/finish", body, call),

    /** POST /api/passkeys/register/start (privileged): the options for navigator.credentials.create(). */
    startRegistration: (body: RegistrationStart = {}, call?: CallOptions) =>
      post<RegistrationCeremony>("/api/passkeys/register/start", body, call),

    /** POST /api/passkeys/register/finish: the passkey as it was added. */
    finishRegistration: async (body: RegistrationFinish, call?: CallOptions): Promise<Passkey> =>
      (await post<PasskeyAnswer>("/api/passkeys/register/finish", body, call)).passkey,

    /** POST /api/passkeys/signup/start: the options for navigator.credentials.create(), for an address old or new. */
    startSignup: (body: SignupStart, call?: CallOptions) =>
      post<RegistrationCeremony>("/api/passkeys/signup/start", body, call),

    /** POST /api/passkeys/signup/finish: makes the account and signs in. `account_exists` where there is one. */
    async finishSignup(body: SignupFinish, call?: CallOptions): Promise<SignedUp> {
      const response = await send({ ...call, method: "POST", path: "/api/passkeys/signup/finish", body });
      return { session: await read<AuthenticatedSession>(response), verifyPage: response.headers.get("Location") };
    },

    /** POST /api/passkeys/prompt/dismiss: no offer of a passkey for 30 days. */
    async dismissPrompt(call?: CallOptions): Promise<void> {
      await send({ ...call, method: "POST", path: "/api/passkeys/prompt/dismiss", body: {} });
    },

    /** GET /api/auth/sessions: every live session of this person, the one used last first. */
    sessions: async (call?: CallOptions): Promise<readonly ListedSession[]> =>
      (await get<SessionList>("/api/auth/sessions", call)).sessions,

    /** DELETE /api/auth/sessions/{id}: ends one. `not_found` when it has ended already. */
    async endSession(id: string, call?: CallOptions): Promise<void> {
      await send({ ...call, method: "DELETE", path: `/api/auth/sessions/${encodeURIComponent(id)}` });
    },

    /** DELETE /api/auth/sessions: ends every session of this person but this browser's. */
    endOtherSessions: async (call?: CallOptions): Promise<Revoked> =>
      read<Revoked>(await send({ ...call, method: "DELETE", path: "/api/auth/sessions" })),

    /** GET /api/recovery-codes: how many are left, and since when. */
    recoveryCodeState: (call?: CallOptions) => get<RecoveryCodeState>("/api/recovery-codes", call),

    /** POST /api/recovery-codes (privileged): a new set, shown this once; the old one is void. */
    createRecoveryCodes: (call?: CallOptions) => post<RecoveryCodes>("/api/recovery-codes", {}, call),

    /** POST /api/auth/recovery-code: signs in with a code, which is spent. `recovery_failed` whatever was wrong. */
    signInWithRecoveryCode: (body: RecoveryCodeSignIn, call?: CallOptions) =>
      post<AuthenticatedSession>("/api/auth/recovery-code", body, call),

    /** GET /api/passkeys: the person's passkeys, and the user handle and RP ID the Signal API needs. */
    passkeys: (call?: CallOptions) => get<PasskeyList>("/api/passkeys", call),

    /** PATCH /api/passkeys/{id}: the passkey under its new name (1 to 100 characters). */
    async renamePasskey(id: string, name: string, call?: CallOptions): Promise<Passkey> {
      const response = await send({ ...call, method: "PATCH", path: passkeyPath(id), body: { name } });
      return (await read<PasskeyAnswer>(response)).passkey;
    },

    /** DELETE /api/passkeys/{id} (privileged). `last_sign_in_method` when no other way to sign in would be left. */
    async deletePasskey(id: string, call?: CallOptions): Promise<void> {
      await send({ ...call, method: "DELETE", path: passkeyPath(id) });
    },

    /** GET /api/passkeys/check: the relying party, for anyone. */
    relyingParty: (call?: CallOptions) => get<RelyingParty>("/api/passkeys/check", call),

    /** GET /api/passkeys/available: whether the signed-in person may add a passkey. */
    passkeyAvailability: (call?: CallOptions) => get<PasskeyAvailability>("/api/passkeys/available", call),

    /** GET /.passbridge/config.json: names and texts of the pages. */
    pageSettings: (call?: CallOptions) => get<PageSettings>("/.passbridge/config.json", call),
  };
}
