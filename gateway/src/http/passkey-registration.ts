import type { RequestHandler } from "express";
import { toPasskey } from "../passkeys/passkey.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { readCeremonyId, registerFinishBody, registerStartBody } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { placeOf } from "./request-place.ts";
import { sessionOf } from "./session-context.ts";

const sessionIdsOf = ({ passkey, password }: UnifiedSession) =>
  [passkey, password].flatMap((session) => (session ? [session.id] : []));

/** A passkey that nobody touches (conditional create) is an upgrade of a password that was typed a moment ago. */
export function requirePasswordForUpgrade({ guards }: PasskeyRouteDeps): RequestHandler {
  return (request, response, next) =>
    readBody(registerStartBody, request.body).conditional ? guards.recentPassword(request, response, next) : next();
}

/** POST /api/passkeys/register/start */
export function startRegistration({ registration, browserBinding }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const { conditional = false, hint } = readBody(registerStartBody, request.body);
    const session = sessionOf(response);
    const { ceremonyId, options } = await registration.start({
      identity: session.identity,
      sessionIds: sessionIdsOf(session),
      browserHash: browserBinding.ensure(request, response),
      conditional,
      hint,
    });
    response.json({ ceremony_id: ceremonyId, options });
  };
}

/** POST /api/passkeys/register/finish */
export function finishRegistration({
  registration,
  browserBinding,
  passkeySummary,
  notices,
}: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const session = sessionOf(response);
    const { id: identityId, emailVerified } = session.identity;
    const record = await registration.take(readCeremonyId(request.body), {
      identityId,
      sessionIds: sessionIdsOf(session),
      browserHash: browserBinding.read(request),
    });
    const { credential, name } = readBody(registerFinishBody, request.body);
    const created = await registration.complete(record, { identityId, emailVerified, response: credential, name });
    passkeySummary.drop(identityId);
    const event = { kind: "passkey_added", passkeyName: created.name } as const;
    await notices({ identity: session.identity, event, place: placeOf(request) });
    response.status(201).json({ passkey: toPasskey(created) });
  };
}
