import type { CachedWhoami } from "../kratos/cached-whoami.ts";
import { KRATOS_SESSION_COOKIE } from "../kratos/kratos-client.ts";
import { cookieValues } from "./cookie-values.ts";
import type { SessionSource } from "./session-resolver.ts";

/** Sessions of Kratos, known by its cookie; without one Kratos is not asked. */
export function createKratosSessionSource(whoami: CachedWhoami): SessionSource {
  return async (request) => {
    const [cookie] = cookieValues(request.headers.cookie, KRATOS_SESSION_COOKIE);
    return cookie ? whoami.whoami(cookie) : { kind: "none" };
  };
}
