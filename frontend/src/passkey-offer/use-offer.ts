import type { AuthenticatedSession } from "@passbridge/client";
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

/** Why there must be a passkey: everyone needs one, or the page somebody wants to open does. */
function requiredBy(session: AuthenticatedSession | null, asked: boolean): "policy" | "page" | null {
  if (session?.passkeys.enforcement === "required") return "policy";
  return asked ? "page" : null;
}

/** The offer of a passkey: whether it may be declined, and the ways on. */
export function useOffer() {
  const [query] = useSearchParams();
  const existing = useExistingSession();
  const { goOn, returnTo } = useJourney();
  const session = existing.status === "session" ? existing.session : null;
  const required = requiredBy(session, query.has("required"));
  const accept = async () => goOn("passkey", undefined, await endWithCodes(returnTo));
  const decline = async () => {
    // A "not now" that cannot be kept is asked for again another time; it never keeps anybody.
    await api.dismissPrompt({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
    goOn("passkey");
  };
  /** Where those go who have a passkey elsewhere; null for those who have none. */
  const haveOne = session?.passkeys.count
    ? withReturnTo("/login", returnTo, { reauthenticate: "1", need: "passkey" })
    : null;
  return { known: existing.status !== "asking", required, haveOne, returnTo, accept, decline };
}
