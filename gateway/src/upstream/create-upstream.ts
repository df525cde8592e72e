import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestHandler } from "express";
import type { Accounts } from "../accounts/create-accounts.ts";
import type { Adapters } from "../adapters.ts";
import { createRouteLimits } from "../http/route-limits.ts";
import type { Sessions } from "../sessions/create-sessions.ts";
import { createRedisKeptSessionStore } from "../sessions/kept-session-store.ts";
import { kratosCookieKeyOf } from "../sessions/kratos-session-source.ts";
import { createClientAddress } from "./forwarded-headers.ts";
import { createHttpProxy, type HttpProxy } from "./http-proxy.ts";
import { createIdentityTokens, type IdentityTokens } from "./identity-token.ts";
import { createIdentityTokenKeyStore } from "./identity-token-key-store.ts";
import { createIdentityTokenKeyring, type IdentityTokenKeyring } from "./identity-token-keyring.ts";
import { createKeptSessions } from "./kept-sessions.ts";
import { createKratosProxy } from "./kratos-proxy.ts";
import { createMailedCodeWatch } from "./mailed-code-watch.ts";
import { createSubmissionLimits } from "./submission-limits.ts";
import { createUpstreamTargets } from "./upstream-targets.ts";
import { createWebSocketProxy, type WebSocketProxyDeps } from "./websocket-proxy.ts";

/** The flow by which Kratos signs people in who recovered their account. */
const RECOVERY = /\/self-service\/recovery(?:[/?]|$)/;
const KRATOS_READ_TIMEOUT = 5_000;
const KRATOS_FORM_TIMEOUT = 30_000;

export type Upstream = {
  readonly proxy: HttpProxy["handle"];
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly kratosProxy: RequestHandler;
  readonly keys: IdentityTokenKeyring["current"];
  readonly tokens: IdentityTokens;
  /** Ends every WebSocket and refuses new ones. */
  readonly closeSockets: () => void;
  readonly close: () => void;
};

function createKratosSide(adapters: Adapters, { browser, changes }: Sessions, { addressProofs }: Accounts) {
  const { config, log, redis, whoami } = adapters;
  return createKratosProxy({
    kratos: {
      publicUrl: config.kratos.publicUrl,
      readTimeout: KRATOS_READ_TIMEOUT,
      formTimeout: KRATOS_FORM_TIMEOUT,
    },
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    log,
    onSessionIssued: async (request, response, cookie) => {
      await browser.passwordSignedIn(request, response, cookie);
      if (RECOVERY.test(request.originalUrl)) await browser.accountRecovered(request, cookie);
    },
    onSubmission: createSubmissionLimits(adapters, createMailedCodeWatch(addressProofs, whoami, log)),
    nameSubmission: createKeptSessions({ store: createRedisKeptSessionStore(redis), whoami, config: config.session }),
    onStateChange: (request) => {
      const key = kratosCookieKeyOf(request);
      if (key) changes.announce({ kratosCookieKey: key });
    },
  });
}

/** Who may go on, and whose an account is. */
export type UpstreamParts = { readonly accounts: Accounts } & Pick<
  WebSocketProxyDeps,
  "decide" | "check" | "answers" | "originals"
>;

/** What is sent on: to the upstream with an identity token, to Kratos without one. Throws OutageError("postgres"). */
export async function createUpstream(
  adapters: Adapters,
  sessions: Sessions,
  { accounts, ...exits }: UpstreamParts,
): Promise<Upstream> {
  const { config, clock, log, database, redis } = adapters;
  const { publicUrl, trustedProxies } = config;
  const store = createIdentityTokenKeyStore({ db: database, secrets: config.session.secrets, clock, log });
  const keyring = await createIdentityTokenKeyring({ store, clock, log });
  const tokens = createIdentityTokens({ publicUrl, keys: keyring.current, clock });
  const targets = createUpstreamTargets();
  const addressOf = createClientAddress(trustedProxies);
  const limits = createRouteLimits({ redis, factor: config.rateLimitFactor, addressOf });
  const shared = { targets, publicUrl, trustedProxies, log, tokens, limits };
  const http = createHttpProxy(shared);
  const sockets = createWebSocketProxy({
    ...shared,
    ...exits,
    allowedOrigins: config.passkeys.origins,
    resolve: sessions.resolve,
    followIdentity: sessions.followIdentity,
    clock,
    lookEvery: config.session.lookInterval,
  });
  sessions.subscribe(sockets.hear);
  const kratos = createKratosSide(adapters, sessions, accounts);

  return {
    keys: keyring.current,
    tokens,
    proxy: http.handle,
    upgrade: (request, socket, head) => void sockets.upgrade(request, socket, head),
    kratosProxy: kratos.handler,
    closeSockets: sockets.close,
    close: () => {
      keyring.close();
      sockets.close();
      targets.close();
      kratos.close();
    },
  };
}
