import { api } from "../api.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";

/** An answer that takes longer is not worth keeping somebody who is signed in already. */
const PATIENCE = 3_000;

/**
 * Where a sign-in without a passkey leads: to the offer of one where the gateway wants it made, else to `returnTo`.
 * A person who cannot have one here is not asked, unless the policy requires it: then the offer says what to do.
 */
export async function placeAfterSignIn(returnTo: string): Promise<string> {
  const session = await api.session({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!session?.authenticated || !session.passkeys.prompt) return returnTo;
  const required = session.passkeys.enforcement === "required";
  if (!required && webAuthnSupport() !== "yes") return returnTo;
  return withReturnTo("/register/passkey-offer", returnTo, required ? { required: "1" } : {});
}
