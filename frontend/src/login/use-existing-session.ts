import type { AuthenticatedSession, Session } from "@passbridge/client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { toProblem } from "../problems/problem.ts";

const RETRY_EVERY = 5_000;

export type ExistingSession =
  | { readonly status: "asking" }
  | { readonly status: "none" }
  | { readonly status: "undecided" }
  | { readonly status: "session"; readonly session: AuthenticatedSession };

function read(data: Session | undefined, failed: boolean): ExistingSession {
  if (data?.authenticated) return { status: "session", session: data };
  if (data) return { status: "none" };
  return { status: failed ? "undecided" : "asking" };
}

/** Whether somebody is signed in already. An outage is `undecided`, never "signed out", and is asked again. */
export function useExistingSession(): ExistingSession {
  const { data, error } = useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => api.session({ signal }),
    refetchInterval: ({ state }) =>
      state.error ? (toProblem(state.error).retryAfter ?? 0) * 1_000 || RETRY_EVERY : false,
    gcTime: 0,
  });
  return read(data, error !== null);
}
