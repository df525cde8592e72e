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
