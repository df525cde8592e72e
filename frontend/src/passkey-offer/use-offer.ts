import { useSearchParams } from "react-router";
import { api } from "../api.ts";
import { useExistingSession } from "../login/use-existing-session.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useJourney } from "../register/use-journey.ts";

/** What the gateway is asked on the way on: an answer that takes longer is not worth the wait. */
const PATIENCE = 2_000;

/** Where to end: with recovery codes first, where the person has none yet. */
async function endWithCodes(returnTo: string): Promise<string> {
  const state = await api.recoveryCodeState({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  return state?.created_at === null ? withReturnTo("/recovery-codes", returnTo) : returnTo;
}

/** The offer of a passkey: whether it may be declined, and the ways on. */
export function useOffer() {
  const [query] = useSearchParams();
  const existing = useExistingSession();
  const { goOn, returnTo } = useJourney();
  const session = existing.status === "session" ? existing.session : null;
  const required = query.has("required") || session?.passkeys.enforcement === "required";
  const accept = async () => goOn("passkey", undefined, await endWithCodes(returnTo));
  const decline = async () => {
    // A "not now" that cannot be kept is asked for again another time; it never keeps anybody.
    await api.dismissPrompt({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
    goOn("passkey");
  };
  return { known: required || existing.status !== "asking", required, returnTo, accept, decline };
}
