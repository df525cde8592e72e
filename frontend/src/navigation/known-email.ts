import { useLocation } from "react-router";

/** What pages hand each other in the history's state: the address goes along, but not into any log or link. */
export type KnownEmail = { readonly email: string };

/** The address the page before handed over; empty when there is none. Survives a reload. */
export function useKnownEmail(): string {
  const state: unknown = useLocation().state;
  const known = typeof state === "object" && state !== null && "email" in state ? state.email : "";
  return typeof known === "string" ? known : "";
}
