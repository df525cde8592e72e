import type { Request, RequestHandler, Response } from "express";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import type { AuthenticationCeremony } from "../passkeys/authentication-ceremony.ts";
import type { CredentialStore } from "../passkeys/credential-store.ts";
import type { Identification } from "../passkeys/identification.ts";
import type { PasskeySummary } from "../passkeys/passkey-summary.ts";
import type { RegistrationCeremony } from "../passkeys/registration-ceremony.ts";
import type { RelyingParty } from "../passkeys/relying-party.ts";
import type { UserHandleStore } from "../passkeys/user-handle-store.ts";
import type { CurrentPolicy } from "../policy/passkey-policy.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import type { BrowserBinding } from "./browser-binding.ts";

/** What the passkey routes are made of. */
export type PasskeyRouteDeps = {
  readonly relyingParty: RelyingParty;
  readonly policy: CurrentPolicy;
  readonly identify: Identification["identify"];
  readonly maxPerUser: number;
  readonly registration: RegistrationCeremony;
  readonly authentication: AuthenticationCeremony;
  readonly credentials: CredentialStore;
  readonly userHandles: UserHandleStore;
  readonly summary: Pick<PasskeySummary, "drop">;
  readonly browserBinding: BrowserBinding;
  /** `privileged` stands behind `signedIn`. */
  readonly guards: { readonly signedIn: RequestHandler; readonly privileged: RequestHandler };
  readonly limits: { readonly start: RequestHandler; readonly finish: RequestHandler };
  readonly signIn: BrowserSessions["signIn"];
  readonly sessionBody: (session: UnifiedSession) => Promise<object>;
  readonly kratos: Pick<KratosClient, "findIdentity">;
  readonly audit: AuditLog;
};

export type Handler = (request: Request, response: Response) => Promise<void>;
