import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import { randomToken } from "../passkeys/ceremony.ts";
import { cookieAttributes } from "../sessions/cookie-attributes.ts";
import { cookieValues } from "../sessions/cookie-values.ts";

/** 32 bytes in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * Ties ceremonies to the browser they were started in by a random secret in a cookie of its own, which lives while
 * the browser does. The gateway keeps only hashes of it, in the challenges.
 */
export type BrowserBinding = {
  /** The hash of the browser's secret; sends the browser one when it has none. */
  readonly ensure: (request: Request, response: Response) => string;
  /** The hash of the browser's secret, or null when it sent none. */
  readonly read: (request: IncomingMessage) => string | null;
};

const hashOf = (secret: string) => createHash("sha256").update(secret).digest("base64url");

/** @param secure whether the site is served over https: then the cookie has the `__Host-` prefix. */
export function createBrowserBinding(secure: boolean): BrowserBinding {
  const name = secure ? "__Host-passbridge_browser" : "passbridge_browser";
  const secretOf = (request: IncomingMessage) =>
    cookieValues(request.headers.cookie, name).find((value) => SECRET.test(value)) ?? null;

  return {
    read: (request) => {
      const secret = secretOf(request);
      return secret && hashOf(secret);
    },
    ensure: (request, response) => {
      const known = secretOf(request);
      if (known) return hashOf(known);
      const secret = randomToken();
      response.cookie(name, secret, cookieAttributes(secure));
      return hashOf(secret);
    },
  };
}
