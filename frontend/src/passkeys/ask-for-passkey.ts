import type { LoginCeremony } from "@passbridge/client";
import { type AuthenticationResponseJSON, startAuthentication, WebAuthnAbortService } from "@simplewebauthn/browser";
import { ProblemError, toProblem } from "../problems/problem.ts";
import { browserCan } from "./browser-capabilities.ts";

type RequestOptions = LoginCeremony["options"];

/**
 * Whether the browser may be asked for what it has at hand. It refuses that with a list of credentials, which would
 * tell what is on this device, and without a tap moments ago.
 */
async function canAskImmediately({ allowCredentials = [] }: RequestOptions): Promise<boolean> {
  return allowCredentials.length === 0 && navigator.userActivation?.isActive === true && browserCan("immediateGet");
}

/** The browser's own type leaves open which of the two ceremonies the answer is of. */
function isAnswer(json: unknown): json is AuthenticationResponseJSON {
  if (typeof json !== "object" || json === null) return false;
  const { response }: { readonly response?: object } = json;
  return response !== undefined && "signature" in response;
}

async function askImmediately(options: RequestOptions): Promise<AuthenticationResponseJSON> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const request = { publicKey, uiMode: "immediate", signal: WebAuthnAbortService.createNewAbortSignal() };
  try {
    const credential = await navigator.credentials.get(request);
    const answer: unknown = credential instanceof PublicKeyCredential ? credential.toJSON() : null;
    if (isAnswer(answer)) return answer;
  } catch (error) {
    if (toProblem(error).code !== "webauthn_cancelled") throw error;
  }
  throw new ProblemError({ code: "no_passkey_here" });
}

/**
 * Opens the passkey prompt. Where it can (https://developer.chrome.com/docs/identity/immediate-ui-mode) and `atHand`
 * is set, the browser offers what is on this device alone, and otherwise answers at once instead of showing a QR code.
 * @throws what the browser throws; ProblemError `no_passkey_here` when nothing at hand was used.
 */
export async function askForPasskey(options: RequestOptions, atHand: boolean): Promise<AuthenticationResponseJSON> {
  if (atHand && (await canAskImmediately(options))) return askImmediately(options);
  return startAuthentication({ optionsJSON: options });
}
