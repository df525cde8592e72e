import { type RequestHandler, Router } from "express";
import type { Config } from "../config.ts";

/** Long enough to spare the gateway, short enough that a new origin is known soon. */
const MAX_AGE_SECONDS = 300;

function jsonDocument(content: object): RequestHandler {
  const body = JSON.stringify(content);
  return (_request, response) => {
    response.set("Cache-Control", `public, max-age=${MAX_AGE_SECONDS}`).type("application/json").send(body);
  };
}

/**
 * The documents below /.well-known by which browsers and password managers find their way:
 * `webauthn` (WebAuthn L3, 5.11: the related origins), `passkey-endpoints` (W3C Passkey Endpoints) and `change-password`
 * (W3C A Well-Known URL for Changing Passwords). Each for GET and HEAD.
 */
export function createWellKnownRoutes({ publicUrl, passkeys }: Pick<Config, "publicUrl" | "passkeys">): Router {
  const account = new URL("/account", publicUrl).href;
  const router = Router({ caseSensitive: true });
  router.get("/webauthn", jsonDocument({ origins: passkeys.origins }));
  router.get("/passkey-endpoints", jsonDocument({ enroll: account, manage: account }));
  router.get("/change-password", (_request, response) => {
    response.set("Cache-Control", "no-store").redirect(302, "/account#password");
  });
  return router;
}
