import type { Identity, PasskeyList } from "@passbridge/client";
import { sendSignal } from "@simplewebauthn/browser";
import { api } from "../api.ts";

async function tell(signal: Parameters<typeof sendSignal>[0]): Promise<void> {
  try {
    await sendSignal(signal);
  } catch {
    // A courtesy: not every browser knows the signal, and nothing depends on it.
  }
}

/**
 * Tells the browser which passkeys are accepted and under which name they are shown (WebAuthn L3, section 5.1.10), so
 * that it stops offering removed ones. Never throws.
 */
export async function signalPasskeys(list: PasskeyList, identity: Pick<Identity, "email" | "name">): Promise<void> {
  const { rp_id: rpID, user_handle: userID, passkeys } = list;
  const allAcceptedCredentialIDs = passkeys.map(({ id }) => id);
  await tell({ signalName: "allAcceptedCredentials", rpID, userID, allAcceptedCredentialIDs });
  const userDisplayName = identity.name ?? identity.email;
  await tell({ signalName: "currentUserDetails", rpID, userID, userName: identity.email, userDisplayName });
}

/**
 * The same where the page has neither list nor account at hand: after a change of the address, or of the passkeys.
 * Never throws; where nobody is signed in there is nothing to tell.
 */
export async function signalAccount(): Promise<void> {
  try {
    const session = await api.session();
    if (session.authenticated) await signalPasskeys(await api.passkeys(), session.identity);
  } catch {
    // The next look at the account tells it.
  }
}
