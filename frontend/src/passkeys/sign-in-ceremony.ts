import type { AuthenticatedSession, LoginCeremony, LoginStart } from "@passbridge/client";
import { type AuthenticationResponseJSON, sendSignal, startAuthentication } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { ProblemError, toProblem } from "../problems/problem.ts";
import { retryOutage } from "./retry-outage.ts";

/** Tells the browser that a passkey it offered is gone, so that it stops offering it (WebAuthn L3, 5.1.10.2). */
async function signalUnknown(rpID: string, credentialID: string): Promise<void> {
  try {
    await sendSignal({ signalName: "unknownCredential", rpID, credentialID });
  } catch {
    // A courtesy: not every browser knows the signal.
  }
}

/**
 * Hands the authenticator's answer to the gateway.
 * @throws ProblemError; `credential_unknown` is signalled to the browser before.
 */
export async function finishSignIn(
  ceremony: LoginCeremony,
  credential: AuthenticationResponseJSON,
): Promise<AuthenticatedSession> {
  try {
    return await api.finishLogin({ ceremony_id: ceremony.ceremony_id, credential });
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code === "credential_unknown") {
      await signalUnknown(ceremony.options.rpId ?? window.location.hostname, credential.id);
    }
    throw new ProblemError(problem);
  }
}

export type ButtonSignIn = {
  readonly start: LoginStart;
  /** Called when something is tried again by itself, with the problem that made it necessary. */
  readonly onAgain: (code: "outage_retrying" | "challenge_invalid") => void;
};

/**
 * Signs in by the button's modal prompt. An outage while starting is retried, a challenge that ran out starts again.
 * @throws ProblemError when that did not help, the prompt was closed, or the gateway refused.
 */
export async function signInByPrompt({ start, onAgain }: ButtonSignIn): Promise<AuthenticatedSession> {
  const attempt = async () => {
    const ceremony = await retryOutage(
      () => api.startLogin(start),
      () => onAgain("outage_retrying"),
    );
    return finishSignIn(ceremony, await startAuthentication({ optionsJSON: ceremony.options }));
  };
  try {
    return await attempt();
  } catch (error) {
    if (toProblem(error).code !== "challenge_invalid") throw new ProblemError(toProblem(error));
  }
  onAgain("challenge_invalid");
  return attempt().catch((error: unknown) => {
    throw new ProblemError(toProblem(error));
  });
}
