import { startRegistration, WebAuthnAbortService } from "@simplewebauthn/browser";
import { api } from "../api.ts";
import { browserCan } from "./browser-capabilities.ts";
import { signalUnknown } from "./signal-unknown.ts";
import { webAuthnSupport } from "./webauthn-support.ts";

/** A person waits for the page meanwhile: a browser that would do it does it in about a second, any other says so at once. */
const PATIENCE = 1_500;
/** Once a password manager has saved the passkey, losing it is worse than waiting a little longer. */
const FINISH_PATIENCE = 4_000;

async function create(patience: AbortSignal): Promise<void> {
  const { ceremony_id, options } = await api.startRegistration({ conditional: true }, { signal: patience });
  patience.throwIfAborted();
  // Starting this ends a pending autofill as well: a browser runs one ceremony at a time.
  patience.addEventListener("abort", () => WebAuthnAbortService.cancelCeremony(), { once: true });
  const credential = await startRegistration({ optionsJSON: options, useAutoRegister: true });
  try {
    await api.finishRegistration({ ceremony_id, credential }, { signal: AbortSignal.timeout(FINISH_PATIENCE) });
  } catch {
    await signalUnknown(options.rp.id ?? window.location.hostname, credential.id);
  }
}

/**
 * After a sign-in by password: has the browser's password manager add a passkey by itself where it can (conditional
 * create, WebAuthn L3, 5.1.3). Whatever fails stays silent, be it a passkey that is there already or a policy.
 * @returns when the page may be left: it takes a moment only, because leaving would break the ceremony off.
 */
export async function upgradeSilently(): Promise<void> {
  if (webAuthnSupport() !== "yes" || !(await browserCan("conditionalCreate"))) return;
  // Something that stands in for the browser, such as an extension, may not heed the end of its time.
  const end = new Promise<void>((resolve) => window.setTimeout(resolve, PATIENCE + FINISH_PATIENCE));
  await Promise.race([create(AbortSignal.timeout(PATIENCE)).catch(() => undefined), end]);
}
