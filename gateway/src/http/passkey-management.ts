import type { Request } from "express";
import { Problem } from "../errors.ts";
import { toPasskey } from "../passkeys/passkey.ts";
import { readCredentialId, renameBody } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { sessionOf } from "./session-context.ts";

function credentialIdOf(request: Request): string {
  const id = readCredentialId(request.params.id);
  if (!id) throw new Problem("not_found");
  return id;
}

/** GET /api/passkeys */
export function listPasskeys({ credentials, userHandles, relyingParty, maxPerUser }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id } = sessionOf(response).identity;
    const [owned, userHandle] = await Promise.all([credentials.listOf(id), userHandles.handleOf(id)]);
    response.json({
      passkeys: owned.map(toPasskey),
      max: maxPerUser,
      user_handle: userHandle,
      rp_id: relyingParty.id,
    });
  };
}

/** PATCH /api/passkeys/{id} */
export function renamePasskey({ credentials, audit }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const credentialId = credentialIdOf(request);
    const { name } = readBody(renameBody, request.body);
    const identityId = sessionOf(response).identity.id;
    const renamed = await credentials.rename(identityId, credentialId, name);
    if (!renamed) throw new Problem("not_found");
    audit({ event: "passkey.renamed", identityId, credentialId });
    response.json({ passkey: toPasskey(renamed) });
  };
}

/**
 * DELETE /api/passkeys/{id}
 *
 * Kratos is asked only where the passkey is the last one, and never with a row lock held.
 */
export function deletePasskey({ credentials, kratos, audit, summary }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const credentialId = credentialIdOf(request);
    const identityId = sessionOf(response).identity.id;
    let outcome = await credentials.remove(identityId, credentialId, { keepLast: true });
    if (outcome === "last") {
      const known = await kratos.findIdentity(identityId);
      if (!known?.hasPassword) throw new Problem("last_sign_in_method");
      outcome = await credentials.remove(identityId, credentialId, { keepLast: false });
    }
    if (outcome === "unknown") throw new Problem("not_found");
    summary.drop(identityId);
    audit({ event: "passkey.removed", identityId, credentialId });
    response.status(204).end();
  };
}

/** GET /api/passkeys/available */
export function showAvailability({ credentials, maxPerUser }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const count = await credentials.countOf(sessionOf(response).identity.id);
    response.json({ available: count < maxPerUser, count, max: maxPerUser });
  };
}

/** GET /api/passkeys/check */
export function showRelyingParty({ relyingParty }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id, name, origins } = relyingParty;
    response.json({ rp_id: id, rp_name: name, enabled: true, origins });
  };
}
