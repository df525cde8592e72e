import type { AuthenticatedSession, LoginCeremony, LoginStart } from "@passbridge/client";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { ProblemError, toProblem } from "../problems/problem.ts";
import { askForPasskey } from "./ask-for-passkey.ts";
import { retryOutage } from "./retry-outage.ts";
import { signalUnknown } from "./signal-unknown.ts";

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
  /** Prefer what is on this device, without the way over a phone or a security key. */
  readonly atHand?: boolean;
};

export type ButtonSignedIn = {
  readonly session: AuthenticatedSession;
  /** The passkey was on a phone or a security key. */
  readonly elsewhere: boolean;
};

/**
 * Signs in by the button's modal prompt. An outage while starting is retried, a challenge that ran out starts again.
 * @throws ProblemError when that did not help, the prompt was closed, or the gateway refused.
 */
export async function signInByPrompt({ start, onAgain, atHand = false }: ButtonSignIn): Promise<ButtonSignedIn> {
  const attempt = async () => {
    const ceremony = await retryOutage(
      () => api.startLogin(start),
      () => onAgain("outage_retrying"),
    );
    const credential = await askForPasskey(ceremony.options, atHand);
    const session = await finishSignIn(ceremony, credential);
    return { session, elsewhere: credential.authenticatorAttachment === "cross-platform" };
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
