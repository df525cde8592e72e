import type { SignedUp, SignupStart } from "@passbridge/client";
import { startRegistration } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { createProblem } from "./create-passkey.ts";

/**
 * Creates a passkey and an account that it opens, and signs in.
 * @throws ProblemError; `account_exists` is known only after the prompt, because nobody may find that out for free.
 */
export async function signUpByPasskey(person: SignupStart): Promise<SignedUp> {
  try {
    const { ceremony_id, options } = await api.startSignup(person);
    const credential = await startRegistration({ optionsJSON: options });
    return await api.finishSignup({ ceremony_id, credential });
  } catch (error) {
    throw createProblem(error);
  }
}
