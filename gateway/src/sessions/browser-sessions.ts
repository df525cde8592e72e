import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request, Response } from "express";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";
import { placeOf } from "../http/request-place.ts";
import { type CachedWhoami, kratosCookieKey } from "../kratos/cached-whoami.ts";
import { KRATOS_SESSION_COOKIE, type KratosClient } from "../kratos/kratos-client.ts";
import { combineSessions } from "./combine-sessions.ts";
import { clearSessionCookie } from "./cookie-attributes.ts";
import {
  abandonSession,
  destroySession,
  openSession,
  regenerateSession,
  type SessionMiddleware,
  saveSession,
} from "./express-sessions.ts";
import type { IdentitySessions } from "./identity-sessions.ts";
import { kratosCookieOf } from "./kratos-session-source.ts";
import { type PasskeySessionRecord, publicSessionId, sessionEnd, toSourceSession } from "./passkey-session.ts";
import type { PasskeySessionIndex } from "./passkey-session-index.ts";
import type { Identity, SourceSession, UnifiedSession } from "./session.ts";
import { readSessionId } from "./session-cookie.ts";
import type { SessionEndings } from "./session-endings.ts";
import type { SessionChanges } from "./session-news.ts";
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
  /**
   * Makes a session of the gateway's own under a new id and ends another identity's session in the same response. The
   * browser forgets one that could not be asked for or ended.
   */
  readonly signIn: (request: Request, response: Response, signIn: OwnSignIn) => Promise<UnifiedSession>;
  /** After Kratos signed someone in with a new cookie: the same for a passkey session. Never throws. */
  readonly passwordSignedIn: (
    request: IncomingMessage,
    response: ServerResponse,
    kratosCookie: string,
  ) => Promise<void>;
  /**
   * After Kratos recovered an account with a new cookie: ends its passkey sessions in every other browser, where
   * whoever made the recovery necessary may be signed in.
   */
  readonly accountRecovered: (request: IncomingMessage, kratosCookie: string) => Promise<void>;
  /** Ends the session of a kind that this browser holds and clears its cookie. */
  readonly end: (request: IncomingMessage, response: ServerResponse, kind: SourceSession["kind"]) => Promise<void>;
  /** The same for a session that lost this browser to a newer one: what cannot be ended now is logged and forgotten. */
  readonly endSuperseded: (
    request: IncomingMessage,
    response: ServerResponse,
    kind: SourceSession["kind"],
  ) => Promise<void>;
  /** Ends every session of the person but what this browser holds, of both kinds; how many there were. */
  readonly endOthers: (request: IncomingMessage, session: UnifiedSession) => Promise<number>;
};

export type BrowserSessionsDeps = {
  readonly middleware: SessionMiddleware;
  readonly passkeySource: SessionSource;
  readonly index: PasskeySessionIndex;
  readonly kratos: Pick<KratosClient, "whoami" | "endSession">;
  readonly identitySessions: Pick<IdentitySessions, "endPasskeySessionsOf" | "endOthersOf">;
  readonly whoami: CachedWhoami;
  readonly endings: SessionEndings;
  readonly changes: SessionChanges;
  readonly config: Config["session"];
  readonly clock: Clock;
  readonly log: Logger;
};

async function startPasskeySession(deps: BrowserSessionsDeps, own: Request, response: Response, to: OwnSignIn) {
  const { config, clock } = deps;
  const authenticatedAt = clock().getTime();
  const identity = { ...to.identity, roles: [...to.identity.roles] };
  const { confirm, ...proof } = { confirm: undefined, ...to };
  const request = await openSession(deps.middleware, own, response);
  try {
    await regenerateSession(request);
    const id = publicSessionId(request.sessionID);
    const record: PasskeySessionRecord = { ...proof, id, identity, authenticatedAt, place: placeOf(own) };
    request.session.passkey = record;
    await deps.index.add(to.identity.id, request.sessionID, authenticatedAt + config.maxAge);
    await saveSession(request);
    if (confirm && !(await confirm())) {
      await deps.index.remove(to.identity.id, request.sessionID);
      await destroySession(request);
      throw new Problem("credential_unknown");
    }
    return toSourceSession(request.sessionID, record, sessionEnd(authenticatedAt, authenticatedAt, config));
  } catch (error) {
    abandonSession(request);
    throw error;
  }
}

/** The id of the passkey session this browser's cookie names, if any. */
function ownSessionId({ config }: BrowserSessionsDeps, request: IncomingMessage): string | null {
  return readSessionId(request.headers.cookie, config.cookieName, config.secrets);
}

async function endPasskeySession(
  deps: BrowserSessionsDeps,
  own: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { cookieName } = deps.config;
  const sessionId = ownSessionId(deps, own);
  if (!sessionId) return;
  const request = await openSession(deps.middleware, own, response);
  const { passkey } = request.session;
  if (passkey) await deps.index.remove(passkey.identity.id, request.sessionID);
  // Told even where that fails, or was done before: then nobody heard of it, and the request's own id is a new one.
  await destroySession(request).finally(() => deps.endings.announce({ sessionId: publicSessionId(sessionId) }));
  clearSessionCookie(response, cookieName, deps.config);
}

async function endKratosSession(
  deps: BrowserSessionsDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const cookie = kratosCookieOf(request);
  if (!cookie) return;
  deps.whoami.drop(cookie);
  try {
    const answer = await deps.kratos.whoami(cookie);
    if (answer.kind === "unavailable") throw answer.cause;
    if (answer.kind === "session") {
      await deps.kratos.endSession(answer.session.id);
      deps.endings.announce({ sessionId: answer.session.id });
    }
  } finally {
    // Kratos may have ended it although the answer to that was lost, now or the time before: whoever it concerns looks.
    deps.changes.announce({ kratosCookieKey: kratosCookieKey(cookie) });
  }
  clearSessionCookie(response, KRATOS_SESSION_COOKIE, deps.config);
}

export function createBrowserSessions(deps: BrowserSessionsDeps): BrowserSessions {
  const end: BrowserSessions["end"] = (request, response, kind) =>
    kind === "passkey" ? endPasskeySession(deps, request, response) : endKratosSession(deps, request, response);

  /** For a browser that is somebody else's now, or may be: what it held must not come back while the newer one can't be asked. */
  const forget = (response: ServerResponse, kind: SourceSession["kind"]) => {
    const name = kind === "passkey" ? deps.config.cookieName : KRATOS_SESSION_COOKIE;
    clearSessionCookie(response, name, deps.config);
  };
  const endSuperseded = (request: IncomingMessage, response: ServerResponse, kind: SourceSession["kind"]) =>
    end(request, response, kind).catch((error: unknown) => {
      deps.log.warn({ err: error }, "another identity's session could not be ended; this browser forgets it");
      forget(response, kind);
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
      if (password.kind === "unavailable") forget(response, "password");
      return resolution.session;
    },
    passwordSignedIn: async (request, response, cookie) => {
      const [passkey, password] = await Promise.all([
        deps.passkeySource(request, { activity: false }),
        deps.whoami.whoami(cookie),
      ]);
      if (passkey.kind === "none" || password.kind === "none") return;
      if (passkey.kind === "unavailable" || password.kind === "unavailable") return forget(response, "passkey");
      if (passkey.session.identity.id === password.session.identity.id) return;
      await endSuperseded(request, response, "passkey");
    },
    accountRecovered: async (request, cookie) => {
      const answer = await deps.whoami.whoami(cookie);
      if (answer.kind === "unavailable") throw answer.cause;
      if (answer.kind === "none") return;
      await deps.identitySessions.endPasskeySessionsOf(answer.session.identity.id, ownSessionId(deps, request));
    },
    endOthers: (request, session) => deps.identitySessions.endOthersOf(session, ownSessionId(deps, request)),
  };
}
