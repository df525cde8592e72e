import type { Request, RequestHandler, Response } from "express";
import type { AuthenticationStart } from "../passkeys/authentication-ceremony.ts";
import { answerInEqualTime, refuseInEqualTime } from "./equal-time.ts";
import { loginFinishBody, loginStartBody, readCeremonyId } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";
import { placeOf } from "./request-place.ts";
import { sessionOf } from "./session-context.ts";

/** Many times what the look-up takes, so that also on a busy machine it ends before the first tick. */
const LOOK_UP_QUANTUM = 200;

/** Who a sign-in is for and with which credentials; by default anyone, with any discoverable one. */
type For = Omit<AuthenticationStart, "browserHash">;

const ANYONE: For = { identityId: null, allow: [] };

const isStepUp = (body: unknown) => readBody(loginStartBody, body).step_up === true;

/** A step-up is for someone: it needs to be known for whom. */
export function requireSessionForStepUp({ guards }: PasskeyRouteDeps): RequestHandler {
  return (request, response, next) => (isStepUp(request.body) ? guards.signedIn(request, response, next) : next());
}

/** A step-up of someone signed in: their credentials are no secret to them. */
async function own({ credentials }: PasskeyRouteDeps, response: Response, allDiscoverable: boolean): Promise<For> {
  const { id } = sessionOf(response).identity;
  return { identityId: id, allow: allDiscoverable ? [] : await credentials.listOf(id) };
}

/**
 * POST /api/passkeys/login/start
 *
 * While the policy makes every credential discoverable a `username` is checked for its form and not looked up: the
 * answer needs no account, and what is not asked cannot be told from the answer's fields or its time. Otherwise it
 * leads to credentials, real or made up, in equal time.
 */
export function startLogin(deps: PasskeyRouteDeps): Handler {
  const begin = async (request: Request, response: Response, whom: For) => {
    const browserHash = deps.browserBinding.ensure(request, response);
    const { ceremonyId, options } = await deps.authentication.start({ ...whom, browserHash });
    return { ceremony_id: ceremonyId, options };
  };
  return async (request, response) => {
    const { username, step_up: stepUp } = readBody(loginStartBody, request.body);
    const allDiscoverable = (await deps.policy()).residentKey === "required";
    if (stepUp) {
      response.json(await begin(request, response, await own(deps, response, allDiscoverable)));
    } else if (username === undefined || allDiscoverable) {
      response.json(await begin(request, response, ANYONE));
    } else {
      const find = async () => begin(request, response, await deps.identify(username));
      response.json(await answerInEqualTime(find, LOOK_UP_QUANTUM));
    }
  };
}

/** POST /api/passkeys/login/finish */
export function finishLogin({ authentication, browserBinding, credentials, ...deps }: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const record = await authentication.take(readCeremonyId(request.body), browserBinding.read(request));
    const { credential: answer } = readBody(loginFinishBody, request.body);
    const complete = () => authentication.complete(record, answer, placeOf(request));
    const { identity, credential, userVerified } = await refuseInEqualTime(complete);
    const session = await deps.signIn(request, response, {
      method: "passkey",
      identity,
      credentialId: credential.id,
      userVerified,
      synced: credential.deviceType === "multi_device",
      ...(!credential.addressProved && { confirm: async () => (await credentials.find(credential.id)) !== null }),
    });
    deps.audit({ event: "passkey.signed_in", identityId: identity.id, credentialId: credential.id });
    response.json(await deps.sessionBody(session));
  };
}
