import { Router } from "express";
import { finishLogin, requireSessionForStepUp, startLogin } from "./passkey-login.ts";
import {
  deletePasskey,
  listPasskeys,
  renamePasskey,
  showAvailability,
  showRelyingParty,
} from "./passkey-management.ts";
import { finishRegistration, startRegistration } from "./passkey-registration.ts";
import type { PasskeyRouteDeps } from "./passkey-route-deps.ts";

/** The routes under /api/passkeys. JSON bodies are parsed and foreign origins refused before them. */
export function createPasskeyRoutes(deps: PasskeyRouteDeps): Router {
  const { signedIn, privileged } = deps.guards;
  const { start, finish } = deps.limits;
  const router = Router();

  router.post("/register/start", start, signedIn, privileged, startRegistration(deps));
  // Bound to the session of a start that was privileged: the dialog may outlast that quarter of an hour.
  router.post("/register/finish", finish, signedIn, finishRegistration(deps));
  router.post("/login/start", start, requireSessionForStepUp(deps), startLogin(deps));
  router.post("/login/finish", finish, finishLogin(deps));

  router.get("/check", showRelyingParty(deps));
  router.get("/available", signedIn, showAvailability(deps));
  router.get("/", signedIn, listPasskeys(deps));
  router.patch("/:id", signedIn, renamePasskey(deps));
  router.delete("/:id", signedIn, privileged, deletePasskey(deps));
  return router;
}
