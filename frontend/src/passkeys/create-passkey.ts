import type { Passkey } from "@passbridge/client";
import { startRegistration } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { ProblemError, toProblem } from "../problems/problem.ts";

async function attempt(name: string | undefined): Promise<Passkey> {
  const { ceremony_id, options } = await api.startRegistration();
  const credential = await startRegistration({ optionsJSON: options });
  return api.finishRegistration({ ceremony_id, credential, ...(name ? { name } : {}) });
}

/**
 * Creates a passkey on this device (or one the person chooses) and registers it.
 * @param name the person's own name for it; the gateway finds one without.
 * @throws ProblemError; a closed prompt is `webauthn_create_cancelled`, as no password can help here.
 */
export async function createPasskey(name?: string): Promise<Passkey> {
  try {
    return await attempt(name);
  } catch (error) {
    const problem = toProblem(error);
    throw new ProblemError(problem.code === "webauthn_cancelled" ? { code: "webauthn_create_cancelled" } : problem);
  }
}
