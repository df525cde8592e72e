import type { Session } from "@passbridge/client";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../api.ts";

function isElsewhere(session: Session, address: string): boolean {
  if (!session.authenticated) return true;
  const { email, email_verified } = session.identity;
  // Kratos does not always name the address; one that is confirmed already is not what the code is for.
  return address === "" ? email_verified : email.toLowerCase() !== address.toLowerCase();
}

/**
 * Whether this browser is not signed in to the account whose address is confirmed: then the proof is its owner's, and
 * clears away what was chosen elsewhere. False while that is not known.
 * @param passed from then on the answer stays, although the session tells of the confirmed address.
 */
export function useElsewhere(address: string, passed: boolean): boolean {
  const { data } = useQuery({ queryKey: ["session"], queryFn: ({ signal }) => api.session({ signal }) });
  const answer = useRef(false);
  if (data && !passed) answer.current = isElsewhere(data, address);
  return answer.current;
}
