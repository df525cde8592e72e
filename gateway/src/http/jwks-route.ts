import type { RequestHandler } from "express";
import type { IdentityTokenKeys } from "../upstream/identity-token.ts";

/** Shorter than a token's life would ask often, longer would delay a new key's arrival at the upstreams. */
const MAX_AGE_SECONDS = 300;

/** GET /.well-known/jwks.json: the public keys of the identity token (RFC 7517, section 5). */
export function createJwksRoute(keys: () => Pick<IdentityTokenKeys, "jwks">): RequestHandler {
  return (_request, response) => {
    response.set("Cache-Control", `public, max-age=${MAX_AGE_SECONDS}`);
    response.type("application/jwk-set+json").send(JSON.stringify(keys().jwks));
  };
}
