import type { Request } from "express";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";
import type { KratosIdentity } from "../kratos/kratos-client.ts";
import { toPasskey } from "../passkeys/passkey.ts";
import { readCredentialId, renameBody } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { placeOf } from "./request-place.ts";
import { sessionOf } from "./session-context.ts";

function credentialIdOf(request: Request): string {
  const id = readCredentialId(request.params.id);
  if (!id) throw new Problem("not_found");
  return id;
}

/** GET /api/passkeys */
export function listPasskeys({ credentials, userHandles, relyingParty, policy }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id } = sessionOf(response).identity;
    const [owned, userHandle, { maxPasskeysPerUser }] = await Promise.all([
      credentials.listOf(id),
      userHandles.handleOf(id),
      policy(),
    ]);
    response.json({
      passkeys: owned.map(toPasskey),
      max: maxPasskeysPerUser,
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

/** Whether a person could sign in without any passkey; what recovers an account does not count. */
function hasOtherWayIn(known: KratosIdentity | null, { codeSignIn }: Pick<Config, "codeSignIn">): boolean {
  return known !== null && (known.hasPassword || (codeSignIn && known.hasCode));
}

/**
 * DELETE /api/passkeys/{id}
 *
 * Kratos is asked only where the passkey is the last one, and never with a row lock held.
 */
export function deletePasskey({
  credentials,
  kratos,
  audit,
  passkeySummary,
  config,
  notices,
}: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const credentialId = credentialIdOf(request);
    const { identity } = sessionOf(response);
    const identityId = identity.id;
    const passkey = await credentials.find(credentialId);
    let outcome = await credentials.remove(identityId, credentialId, { keepLast: true });
    if (outcome === "last") {
      const known = await kratos.findIdentity(identityId);
      if (!hasOtherWayIn(known, config)) throw new Problem("last_sign_in_method");
      outcome = await credentials.remove(identityId, credentialId, { keepLast: false });
    }
    if (outcome === "unknown" || !passkey) throw new Problem("not_found");
    passkeySummary.drop(identityId);
    audit({ event: "passkey.removed", identityId, credentialId });
    const event = { kind: "passkey_removed", passkeyName: passkey.name } as const;
    await notices({ identity, event, place: placeOf(request) });
    response.status(204).end();
  };
}

/** GET /api/passkeys/check */
export function showRelyingParty({ relyingParty }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id, name, origins } = relyingParty;
    response.json({ rp_id: id, rp_name: name, enabled: true, origins });
  };
}
