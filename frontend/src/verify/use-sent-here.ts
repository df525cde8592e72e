import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api } from "../api.ts";

/**
 * Why somebody signed in is on this page without a flow, as a page's needs send people here: their address has to be
 * confirmed first, or it is already (by another tab, or a link opened again). Null in every other case.
 */
export function useSentHere(): "unconfirmed" | "confirmed" | null {
  const [query] = useSearchParams();
  const sent = query.has("return_to") && !query.has("flow") && !query.has("signup");
  const { data } = useQuery({ queryKey: ["session"], queryFn: ({ signal }) => api.session({ signal }), enabled: sent });
  if (!sent || !data?.authenticated) return null;
  return data.identity.email_verified ? "confirmed" : "unconfirmed";
}
