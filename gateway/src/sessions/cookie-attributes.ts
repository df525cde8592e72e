/** The attributes every cookie of the gateway's own has: out of scripts' reach, and not sent along from other sites. */
export const cookieAttributes = (secure: boolean) => ({ httpOnly: true, sameSite: "lax", path: "/", secure }) as const;
