import type { Logger } from "pino";
import type { KratosClient } from "../kratos/kratos-client.ts";
import type { SignUpCeremony } from "../passkeys/sign-up-ceremony.ts";
import { readCeremonyId, signupFinishBody, signupStartBody } from "./passkey-bodies.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { readBody } from "./request-body.ts";

export type SignUpRouteDeps = Pick<PasskeyRouteDeps, "browserBinding" | "signIn" | "sessionBody" | "audit"> & {
  readonly signUp: SignUpCeremony;
  readonly kratos: Pick<KratosClient, "sendVerification">;
  /** Has what the mailed code may be used for remembered. */
  readonly verificationSent: (flowId: string, email: string) => Promise<void>;
  readonly log: Pick<Logger, "warn">;
};

/** POST /api/passkeys/signup/start: alike for an address that is known and one that is not, as nobody is asked. */
export function startSignup({ signUp, browserBinding }: SignUpRouteDeps): Handler {
  return async (request, response) => {
    const { email, name = null } = readBody(signupStartBody, request.body);
    const browserHash = browserBinding.ensure(request, response);
    const { ceremonyId, options } = await signUp.start({ email, name, browserHash });
    response.json({ ceremony_id: ceremonyId, options });
  };
}

/** The page on which the mailed code is entered; null when no mail could be sent: the person can ask for it later. */
async function verificationPage({ kratos, verificationSent, log }: SignUpRouteDeps, email: string) {
  try {
    const flow = await kratos.sendVerification(email);
    await verificationSent(flow, email);
    return `/verify?${new URLSearchParams({ flow })}`;
  } catch (error) {
    log.warn({ err: error }, "the verification mail of a sign-up could not be sent");
    return null;
  }
}

/** POST /api/passkeys/signup/finish */
export function finishSignup(deps: SignUpRouteDeps): Handler {
  const { signUp, browserBinding } = deps;
  return async (request, response) => {
    const record = await signUp.take(readCeremonyId(request.body), browserBinding.read(request));
    const { credential: answer } = readBody(signupFinishBody, request.body);
    const { identity, credential, userVerified } = await signUp.complete(record, answer);
    const [session, page] = await Promise.all([
      deps.signIn(request, response, {
        method: "passkey",
        identity,
        credentialId: credential.id,
        userVerified,
        synced: credential.deviceType === "multi_device",
      }),
      verificationPage(deps, identity.email),
    ]);
    deps.audit({ event: "passkey.signed_in", identityId: identity.id, credentialId: credential.id });
    if (page) response.location(page);
    response.status(201).json(await deps.sessionBody(session));
  };
}
