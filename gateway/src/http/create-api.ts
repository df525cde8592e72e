import { Router } from "express";
import type { Accounts } from "../accounts/create-accounts.ts";
import type { Adapters } from "../adapters.ts";
import { createAuthenticationCeremony } from "../passkeys/authentication-ceremony.ts";
import { createRedisChallengeStore } from "../passkeys/challenge-store.ts";
import { createPostgresCredentialStore } from "../passkeys/credential-store.ts";
import { createIdentification, refuseDecoys } from "../passkeys/identification.ts";
import { createPostgresPasskeySettingsStore } from "../passkeys/passkey-settings-store.ts";
import { createRegistrationCeremony } from "../passkeys/registration-ceremony.ts";
import { createRelyingParty } from "../passkeys/relying-party.ts";
import { createSignUpCeremony } from "../passkeys/sign-up-ceremony.ts";
import { createPostgresUserHandleStore } from "../passkeys/user-handle-store.ts";
import type { Sessions } from "../sessions/create-sessions.ts";
import type { BrowserBinding } from "./browser-binding.ts";
import { createRecoveryApi } from "./create-recovery-api.ts";
import {
  createAdminGuard,
  createPrivilegedGuard,
  createRecentPasskeyGuard,
  createRecentPasswordGuard,
  createSignedInGuard,
  type RequestResolver,
} from "./guards.ts";
import { createPasskeyRoutes } from "./passkey-routes.ts";
import { createPasswordReset } from "./password-reset-route.ts";
import { createPolicyRoutes } from "./policy-routes.ts";
import { createRateLimiter, limitByAddress } from "./rate-limit.ts";
import { createSessionAdminRoutes } from "./session-admin.ts";
import type { SessionBody } from "./session-body.ts";
import { createSessionEvents } from "./session-events.ts";
import { createSessionRoutes } from "./session-routes.ts";

const STARTS_PER_MINUTE = 60;
const FINISHES_PER_MINUTE = 30;

function createCeremonies(adapters: Adapters, { proofs }: Accounts) {
  const { config, clock, audit, redis, database, kratos, policy, metadata } = adapters;
  const credentials = createPostgresCredentialStore(database);
  const userHandles = createPostgresUserHandleStore(database, clock);
  const { identify, isDecoy } = createIdentification({ kratos, credentials, userHandles });
  const stores = {
    challenges: createRedisChallengeStore(redis, config.passkeys.challengeTtl, clock),
    credentials: refuseDecoys(credentials, isDecoy),
    userHandles,
    settings: createPostgresPasskeySettingsStore(database),
  };
  const relyingParty = createRelyingParty(config.passkeys);
  const shared = { ...stores, kratos, relyingParty, policy, findModel: metadata.find, identify, isDecoy, audit, clock };
  return {
    ...shared,
    registration: createRegistrationCeremony(shared),
    authentication: createAuthenticationCeremony({ ...shared, proofs }),
    signUp: createSignUpCeremony(shared),
  };
}

/** What the API shares with the rest of the gateway. */
export type ApiParts = {
  readonly resolve: RequestResolver;
  readonly body: SessionBody;
  readonly binding: BrowserBinding;
};

export type Api = { readonly router: Router; readonly closeStreams: () => void };

/** The gateway's own API: everything under /api/auth, /api/passkeys, /api/recovery-codes and /api/admin. */
export function createApi(
  adapters: Adapters,
  sessions: Sessions,
  accounts: Accounts,
  { resolve, body, binding }: ApiParts,
): Api {
  const { browser, identitySessions } = sessions;
  const { config, clock, redis, kratos } = adapters;
  const ceremonies = createCeremonies(adapters, accounts);
  const guards = {
    signedIn: createSignedInGuard(resolve),
    privileged: createPrivilegedGuard(config, clock),
    admin: createAdminGuard(config, kratos),
    recentPassword: createRecentPasswordGuard(config, clock),
  };
  const limit = (name: string, perMinute: number) =>
    limitByAddress(createRateLimiter(redis, { name, points: perMinute, seconds: 60 }, config.rateLimitFactor));

  const events = createSessionEvents(adapters, sessions, { resolve, body, binding });
  const passwordReset = [guards.signedIn, createRecentPasskeyGuard(config, clock), createPasswordReset(kratos)];
  const router = Router({ caseSensitive: true });
  const { audit } = adapters;
  router.use(
    "/auth",
    createSessionRoutes({ ...sessions, resolve, audit, passwordReset, ...guards, events: events.route }),
  );
  router.use(createRecoveryApi(adapters, { signIn: browser.signIn, sessionBody: body, guards }));
  router.use(
    "/passkeys",
    createPasskeyRoutes({
      ...adapters,
      ...ceremonies,
      browserBinding: binding,
      guards,
      limits: {
        start: limit("ceremony-start", STARTS_PER_MINUTE),
        finish: limit("ceremony-finish", FINISHES_PER_MINUTE),
      },
      signIn: browser.signIn,
      endPasskeySessionsOf: identitySessions.endPasskeySessionsOf,
      sessionBody: body,
      verificationSent: accounts.addressProofs.mailed,
    }),
  );
  const admin = [guards.signedIn, guards.admin];
  router.use("/admin", createPolicyRoutes({ ...adapters, admin }));
  router.use("/admin/users", createSessionAdminRoutes({ ...adapters, identitySessions, admin }));
  return { router, closeStreams: events.close };
}
