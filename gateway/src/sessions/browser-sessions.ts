import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";
import type { CachedWhoami } from "../kratos/cached-whoami.ts";
import { KRATOS_SESSION_COOKIE, type KratosClient } from "../kratos/kratos-client.ts";
import { combineSessions } from "./combine-sessions.ts";
import { cookieAttributes } from "./cookie-attributes.ts";
import { destroySession, openSession, regenerateSession, saveSession } from "./express-sessions.ts";
import { kratosCookieOf } from "./kratos-session-source.ts";
import { type PasskeySessionRecord, publicSessionId, sessionEnd, toSourceSession } from "./passkey-session.ts";
import type { PasskeySessionIndex } from "./passkey-session-index.ts";
import type { Identity, SourceSession, UnifiedSession } from "./session.ts";
import { readSessionId } from "./session-cookie.ts";
import type { SessionEndings } from "./session-endings.ts";
import type { SessionSource } from "./session-resolver.ts";

export type PasskeySignIn = {
  readonly method: "passkey";
  readonly identity: Identity;
  /** Base64url. */
  readonly credentialId: string;
  readonly userVerified: boolean;
  readonly synced: boolean;
  /** Asked once the session is there: false takes it back, where what it rests on was taken away meanwhile. */
  readonly confirm?: () => Promise<boolean>;
};

/** A way in of the gateway's own; what it proved is kept with the session. */
export type OwnSignIn = PasskeySignIn | { readonly method: "recovery_code"; readonly identity: Identity };

/** Starts and ends what the browser at the other end holds, of both kinds. Every call throws OutageError. */
export type BrowserSessions = {
  /** Makes a session of the gateway's own under a new id and ends another identity's session in the same response. */
  readonly signIn: (request: Request, response: Response, signIn: OwnSignIn) => Promise<UnifiedSession>;
  /** After Kratos signed someone in with a new cookie: ends another identity's passkey session. Never throws. */
  readonly passwordSignedIn: (request: Request, response: Response, kratosCookie: string) => Promise<void>;
  /**
   * After Kratos recovered an account with a new cookie: ends its passkey sessions in every other browser, where
   * whoever made the recovery necessary may be signed in.
   */
  readonly accountRecovered: (request: Request, kratosCookie: string) => Promise<void>;
  /** Ends the session of a kind that this browser holds and clears its cookie. */
  readonly end: (request: Request, response: Response, kind: SourceSession["kind"]) => Promise<void>;
  /** The same for a session that lost this browser to a newer one: what cannot be ended now is only logged. */
  readonly endSuperseded: (request: Request, response: Response, kind: SourceSession["kind"]) => Promise<void>;
  /** Ends the identity's sessions of the gateway's own, in every browser. */
  readonly endPasskeySessionsOf: (identityId: string) => Promise<void>;
  /** Ends every session of an identity, of both kinds; one Kratos session may be kept. */
  readonly endAllOf: (identityId: string, keptKratosSessionId?: string) => Promise<void>;
  /**
   * Ends every other session of the identity, of both kinds; how many there were. What can be ended is ended even
   * when the other part is away, and then it throws.
   */
  readonly endOthers: (request: Request, session: UnifiedSession) => Promise<number>;
};

export type BrowserSessionsDeps = {
  readonly middleware: RequestHandler;
  readonly passkeySource: SessionSource;
  readonly index: PasskeySessionIndex;
  readonly kratos: KratosClient;
  readonly whoami: CachedWhoami;
  readonly endings: SessionEndings;
  readonly config: Config["session"];
  readonly clock: Clock;
  readonly log: Logger;
};

async function startPasskeySession(deps: BrowserSessionsDeps, request: Request, response: Response, to: OwnSignIn) {
  const { config, clock } = deps;
  const authenticatedAt = clock().getTime();
  const identity = { ...to.identity, roles: [...to.identity.roles] };
  const { confirm, ...proof } = { confirm: undefined, ...to };
  const record: PasskeySessionRecord = { ...proof, identity, authenticatedAt };
  await openSession(deps.middleware, request, response);
  await regenerateSession(request);
  request.session.passkey = record;
  await deps.index.add(to.identity.id, request.sessionID, authenticatedAt + config.maxAge);
  await saveSession(request);
  if (confirm && !(await confirm())) {
    await deps.index.remove(to.identity.id, request.sessionID);
    await destroySession(request);
    throw new Problem("credential_unknown");
  }
  return toSourceSession(request.sessionID, record, sessionEnd(authenticatedAt, authenticatedAt, config));
}

async function endPasskeySession(deps: BrowserSessionsDeps, request: Request, response: Response): Promise<void> {
  const { cookieName, secrets, secure } = deps.config;
  if (!readSessionId(request.headers.cookie, cookieName, secrets)) return;
  await openSession(deps.middleware, request, response);
  const { passkey } = request.session;
  if (passkey) await deps.index.remove(passkey.identity.id, request.sessionID);
  const sessionId = publicSessionId(request.sessionID);
  await destroySession(request);
  deps.endings.announce({ sessionId });
  response.clearCookie(cookieName, cookieAttributes(secure));
}

/** Ends the gateway's own sessions of an identity in every browser but the one that asks; how many there were. */
async function endPasskeySessionsOf({ index, endings }: BrowserSessionsDeps, identityId: string, kept: string | null) {
  const ended = await index.endAll(identityId, kept);
  for (const id of ended) endings.announce({ sessionId: publicSessionId(id) });
  return ended.length;
}

function endOtherPasskeySessions(deps: BrowserSessionsDeps, request: Request, identityId: string) {
  const { cookieName, secrets } = deps.config;
  return endPasskeySessionsOf(deps, identityId, readSessionId(request.headers.cookie, cookieName, secrets));
}

async function endOtherKratosSessions(deps: BrowserSessionsDeps, { identity, password }: UnifiedSession) {
  const ended = await deps.kratos.endOtherSessionsOf(identity.id, password?.id ?? null);
  for (const sessionId of ended) deps.endings.announce({ sessionId });
  return ended.length;
}

async function endKratosSession(deps: BrowserSessionsDeps, request: Request, response: Response): Promise<void> {
  const cookie = kratosCookieOf(request);
  if (!cookie) return;
  deps.whoami.drop(cookie);
  const answer = await deps.kratos.whoami(cookie);
  if (answer.kind === "unavailable") throw answer.cause;
  if (answer.kind === "session") {
    await deps.kratos.endSession(answer.session.id);
    deps.endings.announce({ sessionId: answer.session.id });
  }
  deps.whoami.drop(cookie);
  response.clearCookie(KRATOS_SESSION_COOKIE, cookieAttributes(deps.config.secure));
}

export function createBrowserSessions(deps: BrowserSessionsDeps): BrowserSessions {
  const end: BrowserSessions["end"] = (request, response, kind) =>
    kind === "passkey" ? endPasskeySession(deps, request, response) : endKratosSession(deps, request, response);

  const endSuperseded = (request: Request, response: Response, kind: SourceSession["kind"]) =>
    end(request, response, kind).catch((error: unknown) => {
      deps.log.warn({ err: error }, "another identity's session could not be ended; the newest goes on");
    });

  return {
    end,
    endSuperseded,
    signIn: async (request, response, to) => {
      const cookie = kratosCookieOf(request);
      const [password, passkey] = await Promise.all([
        cookie ? deps.whoami.whoami(cookie) : ({ kind: "none" } as const),
        startPasskeySession(deps, request, response, to),
      ]);
      const resolution = combineSessions({ kind: "session", session: passkey }, password);
      if (resolution.kind !== "authenticated") throw new Error("a session just made is not one");
      if (resolution.superseded) await endSuperseded(request, response, "password");
      return resolution.session;
    },
    passwordSignedIn: async (request, response, cookie) => {
      const [passkey, password] = await Promise.all([
        deps.passkeySource(request, { activity: false }),
        deps.whoami.whoami(cookie),
      ]);
      if (passkey.kind !== "session" || password.kind !== "session") return;
      if (passkey.session.identity.id === password.session.identity.id) return;
      await endSuperseded(request, response, "passkey");
    },
    accountRecovered: async (request, cookie) => {
      const answer = await deps.whoami.whoami(cookie);
      if (answer.kind === "unavailable") throw answer.cause;
      if (answer.kind === "none") return;
      await endOtherPasskeySessions(deps, request, answer.session.identity.id);
    },
    endPasskeySessionsOf: async (identityId) => {
      await endPasskeySessionsOf(deps, identityId, null);
    },
    endAllOf: async (identityId, kept) => {
      const { kratos } = deps;
      await Promise.all([
        deps.index.endAll(identityId),
        kept ? kratos.endOtherSessionsOf(identityId, kept) : kratos.endSessionsOf(identityId),
      ]);
      deps.endings.announce({ identityId, kept: kept ? [kept] : [] });
    },
    endOthers: async (request, session) => {
      const ended = await Promise.allSettled([
        endOtherPasskeySessions(deps, request, session.identity.id),
        endOtherKratosSessions(deps, session),
      ]);
      return ended.reduce((sum, result) => {
        if (result.status === "rejected") throw result.reason;
        return sum + result.value;
      }, 0);
    },
  };
}
