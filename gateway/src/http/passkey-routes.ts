import { Router } from "express";
import { disablePasskeysOf, enablePasskeysOf, resetPasskeysOf, showUserPasskeys } from "./passkey-admin.ts";
import { finishLogin, requireSessionForStepUp, startLogin } from "./passkey-login.ts";
import { deletePasskey, listPasskeys, renamePasskey, showRelyingParty } from "./passkey-management.ts";
import { dismissPrompt, requirePasskeysEnabled, showAvailability } from "./passkey-permission.ts";
import { finishRegistration, requirePasswordForUpgrade, startRegistration } from "./passkey-registration.ts";
import type { PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { finishSignup, type SignUpRouteDeps, startSignup } from "./passkey-signup.ts";

/** What administrators do with one person's passkeys. */
function createAdminRoutes(deps: PasskeyRouteDeps): Router {
  const admin = [deps.guards.signedIn, deps.guards.admin];
  const router = Router();
  router.get("/user/:user", ...admin, showUserPasskeys(deps));
  router.post("/enable/:user", ...admin, enablePasskeysOf(deps));
  router.post("/disable/:user", ...admin, disablePasskeysOf(deps));
  router.post("/reset/:user", ...admin, resetPasskeysOf(deps));
  return router;
}

/** The routes under /api/passkeys. JSON bodies are parsed and foreign origins refused before them. */
export function createPasskeyRoutes(deps: PasskeyRouteDeps & SignUpRouteDeps): Router {
  const { signedIn, privileged } = deps.guards;
  const enabled = requirePasskeysEnabled(deps);
  const { start, finish } = deps.limits;
  const router = Router();

  const begin = [signedIn, privileged, enabled, requirePasswordForUpgrade(deps), startRegistration(deps)];
  router.post("/register/start", start, ...begin);
  // Bound to the session of a start that was privileged: the dialog may outlast that quarter of an hour.
  router.post("/register/finish", finish, signedIn, enabled, finishRegistration(deps));
  router.post("/signup/start", start, startSignup(deps));
  router.post("/signup/finish", finish, finishSignup(deps));
  router.post("/login/start", start, requireSessionForStepUp(deps), startLogin(deps));
  router.post("/login/finish", finish, finishLogin(deps));

  router.get("/check", showRelyingParty(deps));
  router.get("/available", signedIn, showAvailability(deps));
  router.post("/prompt/dismiss", signedIn, dismissPrompt(deps));
  router.use(createAdminRoutes(deps));
  router.get("/", signedIn, listPasskeys(deps));
  router.patch("/:id", signedIn, renamePasskey(deps));
  router.delete("/:id", signedIn, privileged, deletePasskey(deps));
  return router;
}
