import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from "@simplewebauthn/browser";

export type WebAuthnSupport = "yes" | "insecure" | "no";

/** Whether this browser, on this address, can use passkeys at all. */
export function webAuthnSupport(): WebAuthnSupport {
  if (browserSupportsWebAuthn()) return "yes";
  return window.isSecureContext ? "no" : "insecure";
}

/** Whether passkeys can be offered in the e-mail field's autofill (conditional mediation). */
export async function supportsAutofill(): Promise<boolean> {
  return webAuthnSupport() === "yes" && browserSupportsWebAuthnAutofill();
}
