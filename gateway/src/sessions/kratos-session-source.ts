import type { IncomingMessage } from "node:http";
import { type CachedWhoami, kratosCookieKey } from "../kratos/cached-whoami.ts";
import { KRATOS_SESSION_COOKIE } from "../kratos/kratos-client.ts";
import { cookieValues } from "./cookie-values.ts";
import type { SessionSource } from "./session-resolver.ts";

/** The value of Kratos' session cookie that a request carries, if any. */
export const kratosCookieOf = (request: IncomingMessage) =>
  cookieValues(request.headers.cookie, KRATOS_SESSION_COOKIE)[0];

/** What stands for that cookie in news of sessions. */
export function kratosCookieKeyOf(request: IncomingMessage): string | null {
  const cookie = kratosCookieOf(request);
  return cookie ? kratosCookieKey(cookie) : null;
}

/** Sessions of Kratos, known by its cookie; without one Kratos is not asked. */
export function createKratosSessionSource(whoami: CachedWhoami): SessionSource {
  return (request) => {
    const cookie = kratosCookieOf(request);
    return cookie ? whoami.whoami(cookie) : { kind: "none" };
  };
}
