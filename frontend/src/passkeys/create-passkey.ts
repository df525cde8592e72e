import type { Passkey, RegistrationStart } from "@passbridge/client";
import { startRegistration } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { ProblemError, toProblem } from "../problems/problem.ts";

async function attempt(start: RegistrationStart): Promise<Passkey> {
  const { ceremony_id, options } = await api.startRegistration(start);
  const credential = await startRegistration({ optionsJSON: options });
  return api.finishRegistration({ ceremony_id, credential });
}

/**
 * Creates a passkey on this device (or one the person chooses) and registers it, under a name the gateway finds.
 * @param start with a hint of where the person wants it.
 * @throws ProblemError; a closed prompt is `webauthn_create_cancelled`, as no password can help here.
 */
export async function createPasskey(start: RegistrationStart = {}): Promise<Passkey> {
  try {
    return await attempt(start);
  } catch (error) {
    const problem = toProblem(error);
    throw new ProblemError(problem.code === "webauthn_cancelled" ? { code: "webauthn_create_cancelled" } : problem);
  }
}
