import { sendSignal } from "@simplewebauthn/browser";

/** Tells the browser that a passkey is not known here, so that it stops offering it (WebAuthn L3, 5.1.10.2). */
export async function signalUnknown(rpID: string, credentialID: string): Promise<void> {
  try {
    await sendSignal({ signalName: "unknownCredential", rpID, credentialID });
  } catch {
    // A courtesy: not every browser knows the signal.
  }
}
