import { toPasskey } from "../passkeys/passkey.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { readCeremonyId, registerFinishBody, registerStartBody } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { sessionOf } from "./session-context.ts";

const sessionIdsOf = ({ passkey, password }: UnifiedSession) =>
  [passkey, password].flatMap((session) => (session ? [session.id] : []));

/** POST /api/passkeys/register/start */
export function startRegistration({ registration, browserBinding }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const { conditional = false } = readBody(registerStartBody, request.body);
    const session = sessionOf(response);
    const { ceremonyId, options } = await registration.start({
      identity: session.identity,
      sessionIds: sessionIdsOf(session),
      browserHash: browserBinding.ensure(request, response),
      conditional,
    });
    response.json({ ceremony_id: ceremonyId, options });
  };
}

/** POST /api/passkeys/register/finish */
export function finishRegistration({ registration, browserBinding, passkeySummary }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const session = sessionOf(response);
    const identityId = session.identity.id;
    const record = await registration.take(readCeremonyId(request.body), {
      identityId,
      sessionIds: sessionIdsOf(session),
      browserHash: browserBinding.read(request),
    });
    const { credential, name } = readBody(registerFinishBody, request.body);
    const created = await registration.complete(record, { identityId, response: credential, name });
    passkeySummary.drop(identityId);
    response.status(201).json({ passkey: toPasskey(created) });
  };
}
