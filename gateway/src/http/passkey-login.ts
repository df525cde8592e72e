import type { RequestHandler } from "express";
import { loginFinishBody, loginStartBody, readCeremonyId } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { sessionOf } from "./session-context.ts";

const isStepUp = (body: unknown) => readBody(loginStartBody, body).step_up === true;

/** A step-up is for someone: it needs to be known for whom. */
export function requireSessionForStepUp({ guards }: PasskeyRouteDeps): RequestHandler {
  return (request, response, next) => (isStepUp(request.body) ? guards.signedIn(request, response, next) : next());
}

/**
 * POST /api/passkeys/login/start
 *
 * `username` is checked for its form and not looked up: as every credential is discoverable the answer needs no account,
 * and what is not asked cannot be told from the answer's fields or its time.
 */
export function startLogin({ authentication, browserBinding }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const identityId = isStepUp(request.body) ? sessionOf(response).identity.id : null;
    const browserHash = browserBinding.ensure(request, response);
    const { ceremonyId, options } = await authentication.start({ browserHash, identityId });
    response.json({ ceremony_id: ceremonyId, options });
  };
}

/** POST /api/passkeys/login/finish */
export function finishLogin({ authentication, browserBinding, ...deps }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const record = await authentication.take(readCeremonyId(request.body), browserBinding.read(request));
    const { credential: answer } = readBody(loginFinishBody, request.body);
    const { identity, credential, userVerified } = await authentication.complete(record, answer);
    const session = await deps.signIn(request, response, {
      identity,
      credentialId: credential.id,
      userVerified,
      synced: credential.deviceType === "multi_device",
    });
    deps.audit({ event: "passkey.signed_in", identityId: identity.id, credentialId: credential.id });
    response.json(await deps.sessionBody(session));
  };
}
