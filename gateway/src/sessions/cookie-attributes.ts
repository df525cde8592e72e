import type { ServerResponse } from "node:http";
import { stringifySetCookie } from "cookie";

export type SessionCookieSettings = { readonly secure: boolean; readonly cookieDomain: string | null };

/** The attributes every cookie of the gateway's own has: out of scripts' reach, and not sent along from other sites. */
export const cookieAttributes = (secure: boolean) => ({ httpOnly: true, sameSite: "lax", path: "/", secure }) as const;

/**
 * Those of the session cookies, the gateway's and Kratos': sent to every host below the domain, where there is one
 * (COOKIE_DOMAIN). A cookie is cleared by the attributes it was set with.
 */
export const sessionCookieAttributes = ({ secure, cookieDomain }: SessionCookieSettings) => ({
  ...cookieAttributes(secure),
  ...(cookieDomain !== null && { domain: cookieDomain }),
});

/** Has the browser forget a session cookie. */
export function clearSessionCookie(response: ServerResponse, name: string, settings: SessionCookieSettings): void {
  const gone = { name, value: "", expires: new Date(0), ...sessionCookieAttributes(settings) };
  response.appendHeader("Set-Cookie", stringifySetCookie(gone));
}
