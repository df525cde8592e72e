import type { Request, RequestHandler, Response } from "express";
import type { Adapters } from "../adapters.ts";
import type { AuthenticationCeremony } from "../passkeys/authentication-ceremony.ts";
import type { CredentialStore } from "../passkeys/credential-store.ts";
import type { Identification } from "../passkeys/identification.ts";
import type { PasskeySettingsStore } from "../passkeys/passkey-settings-store.ts";
import type { RegistrationCeremony } from "../passkeys/registration-ceremony.ts";
import type { RelyingParty } from "../passkeys/relying-party.ts";
import type { UserHandleStore } from "../passkeys/user-handle-store.ts";
import type { BrowserSessions } from "../sessions/browser-sessions.ts";
import type { IdentitySessions } from "../sessions/identity-sessions.ts";
import type { BrowserBinding } from "./browser-binding.ts";
import type { SessionBody } from "./session-body.ts";

/** What the passkey routes are made of. */
export type PasskeyRouteDeps = Pick<
  Adapters,
  "config" | "clock" | "kratos" | "audit" | "policy" | "passkeySummary" | "notices"
> & {
  readonly relyingParty: RelyingParty;
  readonly identify: Identification["identify"];
  readonly registration: RegistrationCeremony;
  readonly authentication: AuthenticationCeremony;
  readonly credentials: CredentialStore;
  readonly userHandles: UserHandleStore;
  readonly settings: PasskeySettingsStore;
  readonly browserBinding: BrowserBinding;
  /** All others stand behind `signedIn`. */
  readonly guards: {
    readonly signedIn: RequestHandler;
    readonly privileged: RequestHandler;
    readonly admin: RequestHandler;
    readonly recentPassword: RequestHandler;
  };
  readonly limits: { readonly start: RequestHandler; readonly finish: RequestHandler };
  readonly signIn: BrowserSessions["signIn"];
  readonly endPasskeySessionsOf: IdentitySessions["endPasskeySessionsOf"];
  readonly sessionBody: SessionBody;
};

export type Handler = (request: Request, response: Response) => Promise<void>;
