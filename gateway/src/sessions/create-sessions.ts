import type { Adapters } from "../adapters.ts";
import { createIdentityDirectory, type IdentityDirectory } from "../kratos/identity-directory.ts";
import { type BrowserSessions, createBrowserSessions } from "./browser-sessions.ts";
import { createSessionMiddleware } from "./express-sessions.ts";
import { createKratosSessionSource } from "./kratos-session-source.ts";
import { createPasskeySessionIndex } from "./passkey-session-index.ts";
import { createPasskeySessionSource } from "./passkey-session-source.ts";
import { createSessionEndings, type SessionEndings } from "./session-endings.ts";
import { createSessionResolver, type SessionResolver } from "./session-resolver.ts";

export type Sessions = {
  readonly resolve: SessionResolver;
  readonly browser: BrowserSessions;
  readonly endings: SessionEndings;
  /** What Kratos said of an identity does not hold any more. */
  readonly forgetIdentity: IdentityDirectory["forget"];
};

/** Both session sources, the resolver over them, and what starts and ends sessions. */
export function createSessions({ config, clock, log, redis, kratos, whoami }: Adapters): Sessions {
  const identities = createIdentityDirectory(kratos, config.kratos.identityCacheTtl, clock);
  const passkeySource = createPasskeySessionSource({ redis, config: config.session, identities, clock });
  const endings = createSessionEndings();
  return {
    endings,
    forgetIdentity: identities.forget,
    resolve: createSessionResolver({
      passkey: passkeySource,
      password: createKratosSessionSource(whoami),
    }),
    browser: createBrowserSessions({
      middleware: createSessionMiddleware(redis, config.session, clock),
      passkeySource,
      endings,
      index: createPasskeySessionIndex(redis),
      kratos,
      whoami,
      config: config.session,
      clock,
      log,
    }),
  };
}
