import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useKnownEmail } from "../navigation/known-email.ts";

/**
 * The address that is most likely meant: what the page before handed over, else the signed-in person's own.
 * Nobody signed in, or nobody to ask: none, and the page asks for it.
 */
export function useAddress(): string {
  const known = useKnownEmail();
  const { data } = useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => api.session({ signal }),
    enabled: known === "",
  });
  return known || (data?.authenticated ? data.identity.email : "");
}
