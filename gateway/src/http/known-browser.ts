import { sign, unsign } from "cookie-signature";
import type { Request, Response } from "express";
import { randomToken } from "../passkeys/ceremony.ts";
import { cookieAttributes } from "../sessions/cookie-attributes.ts";
import { cookieValues } from "../sessions/cookie-values.ts";

const NINETY_DAYS = 90 * 24 * 3_600_000;
/** The same secrets sign session ids: neither signature may be taken for the other. */
const PURPOSE = "known-browser:";

/**
 * Remembers by a signed cookie that a browser signed in to an account by password before (OWASP's device cookie): its
 * tries are counted apart from everybody else's, so that nobody can use up its owner's.
 */
export type KnownBrowser = {
  /** A key that stands for the browser, if it is known for this account. */
  readonly read: (request: Pick<Request, "headers">, account: string) => string | null;
  readonly remember: (response: Response, account: string) => void;
};

/**
 * @param secrets the first signs, all of them verify.
 * @param secure whether the site is served over https.
 */
export function createKnownBrowser(secrets: readonly string[], secure: boolean): KnownBrowser {
  const name = secure ? "__Secure-passbridge_known" : "passbridge_known";
  const [secret = ""] = secrets;
  const contentOf = (value: string) =>
    secrets.map((one) => unsign(`${PURPOSE}${value}`, one)).find((content) => content !== false) || null;

  return {
    read: (request, account) => {
      for (const value of cookieValues(request.headers.cookie, name)) {
        const [owner, token] = contentOf(value)?.slice(PURPOSE.length).split(".") ?? [];
        if (owner === account && token) return token;
      }
      return null;
    },
    remember: (response, account) => {
      const signed = sign(`${PURPOSE}${account}.${randomToken()}`, secret).slice(PURPOSE.length);
      response.cookie(name, signed, {
        ...cookieAttributes(secure),
        path: "/.ory/kratos",
        maxAge: NINETY_DAYS,
        encode: String,
      });
    },
  };
}
