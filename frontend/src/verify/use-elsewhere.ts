import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

/**
 * Whether this browser is not signed in to the account whose address is confirmed: then the proof is its owner's, and
 * clears away what was chosen elsewhere. False while that is not known.
 * @param address as far as it is known; without it any account counts.
 */
export function useElsewhere(address: string): boolean {
  const { data } = useQuery({ queryKey: ["session"], queryFn: ({ signal }) => api.session({ signal }) });
  if (!data) return false;
  if (!data.authenticated) return true;
  return address !== "" && data.identity.email.toLowerCase() !== address.toLowerCase();
}
