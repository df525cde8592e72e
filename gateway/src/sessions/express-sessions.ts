import { RedisStore } from "connect-redis";
import type { Request, RequestHandler, Response } from "express";
import session from "express-session";
import type { Adapters } from "../adapters.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { OutageError } from "../errors.ts";
import { sessionCookieAttributes } from "./cookie-attributes.ts";
import { SESSION_PREFIX, sessionEnd } from "./passkey-session.ts";

/** express-session over Redis. Mounted only where a session is written; reads go past it. */
export function createSessionMiddleware(
  redis: Adapters["redis"],
  config: Config["session"],
  clock: Clock,
): RequestHandler {
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
  return (request, response, next) => {
    // express-session sends a Secure cookie on a secure request only. Whether the browser's side is TLS is PUBLIC_URL's
    // to say: a proxy that ends it need not be a trusted one.
    if (config.secure) Object.defineProperty(request, "secure", { value: true, configurable: true });
    middleware(request, response, next);
  };
}

function settle(action: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    action((error) => (error ? reject(new OutageError("redis", error)) : resolve()));
  });
}

/** Loads req.session; afterwards express-session sends the cookie when the answer ends. */
export async function openSession(middleware: RequestHandler, request: Request, response: Response): Promise<void> {
  await settle((done) => {
    void middleware(request, response, done);
  });
  if (!request.session) throw new OutageError("redis", new Error("the session store is not ready"));
}

/** A new session id; what was there under the old one is gone. */
export const regenerateSession = (request: Request) => settle((done) => request.session.regenerate(done));

/**
 * Writes the session, and for the last time: as the answer ends express-session would write one with a new id again, and
 * what was ended in between would come back.
 */
export async function saveSession(request: Request): Promise<void> {
  await settle((done) => request.session.save(done));
  Object.defineProperty(request.session, "save", { value: (done?: () => void) => done?.() });
}

/** The answer neither writes this session nor hands its cookie out: whoever was signed in before keeps theirs. */
export function abandonSession(request: Request): void {
  Reflect.deleteProperty(request, "session");
}

export const destroySession = (request: Request) => settle((done) => request.session.destroy(done));
