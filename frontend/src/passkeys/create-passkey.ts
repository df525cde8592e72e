import type { Passkey, RegistrationStart } from "@passbridge/client";
import { startRegistration } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { ProblemError, toProblem } from "../problems/problem.ts";

async function attempt(start: RegistrationStart): Promise<Passkey> {
  const { ceremony_id, options } = await api.startRegistration(start);
  const credential = await startRegistration({ optionsJSON: options });
  return api.finishRegistration({ ceremony_id, credential });
}

/** What went wrong while a passkey was created; a closed prompt has words of its own, as no password can help there. */
export function createProblem(error: unknown): ProblemError {
  const problem = toProblem(error);
  return new ProblemError(problem.code === "webauthn_cancelled" ? { code: "webauthn_create_cancelled" } : problem);
}

/**
 * Creates a passkey on this device (or one the person chooses) and registers it, under a name the gateway finds.
 * @param start with a hint of where the person wants it.
 * @throws ProblemError; a closed prompt is `webauthn_create_cancelled`.
 */
export async function createPasskey(start: RegistrationStart = {}): Promise<Passkey> {
  try {
    return await attempt(start);
  } catch (error) {
    throw createProblem(error);
  }
}
