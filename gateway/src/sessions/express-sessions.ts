import type { IncomingMessage, ServerResponse } from "node:http";
import { RedisStore } from "connect-redis";
import type { Request, Response } from "express";
import session from "express-session";
import type { Adapters } from "../adapters.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import { sessionCookieAttributes } from "./cookie-attributes.ts";
import { SESSION_PREFIX, sessionEnd } from "./passkey-session.ts";

/** express-session over Redis. Asked only where a session is written; reads go past it. */
export type SessionMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  done: (error?: unknown) => void,
) => void;

export function createSessionMiddleware(
  redis: Adapters["redis"],
  config: Config["session"],
  clock: Clock,
): SessionMiddleware {
  const now = () => clock().getTime();
  const store = new RedisStore({
    client: redis,
    prefix: SESSION_PREFIX,
    // The session's source moves its end; a touch right after each save would be a command for nothing.
    disableTouch: true,
    ttl: ({ passkey }) => Math.ceil((sessionEnd(passkey?.authenticatedAt ?? now(), now(), config) - now()) / 1_000),
  });
  const middleware = session({
    name: config.cookieName,
    secret: [...config.secrets],
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { ...sessionCookieAttributes(config), maxAge: config.maxAge },
  });
  return (request, response, done) => {
    // express-session sends a Secure cookie on a secure request only. Whether the browser's side is TLS is PUBLIC_URL's
    // to say: a proxy that ends it need not be a trusted one.
    if (config.secure) Object.defineProperty(request, "secure", { value: true, configurable: true });
    // Of what Express adds it uses nothing else.
    middleware(request as Request, response as Response, done);
  };
}

function settle(action: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    action((error) => (error ? reject(new OutageError("redis", error)) : resolve()));
  });
}

/** A request whose session is open. */
export type SessionRequest = IncomingMessage & Pick<Request, "session" | "sessionID">;

const isOpen = (request: IncomingMessage): request is SessionRequest =>
  "session" in request && Boolean(request.session);

/** Loads the session of a request; afterwards express-session sends the cookie when the answer ends. */
export async function openSession(
  middleware: SessionMiddleware,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<SessionRequest> {
  await settle((done) => middleware(request, response, done));
  if (!isOpen(request)) throw new OutageError("redis", new Error("the session store is not ready"));
  return request;
}

/** A new session id; what was there under the old one is gone. */
export const regenerateSession = (request: SessionRequest) => settle((done) => request.session.regenerate(done));

/**
 * Writes the session, and for the last time: as the answer ends express-session would write one with a new id again, and
 * what was ended in between would come back.
 */
export async function saveSession(request: SessionRequest): Promise<void> {
  await settle((done) => request.session.save(done));
  Object.defineProperty(request.session, "save", { value: (done?: () => void) => done?.() });
}

/** The answer neither writes this session nor hands its cookie out: whoever was signed in before keeps theirs. */
export function abandonSession(request: IncomingMessage): void {
  Reflect.deleteProperty(request, "session");
}

export const destroySession = (request: SessionRequest) => settle((done) => request.session.destroy(done));
