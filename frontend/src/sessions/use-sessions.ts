import type { ListedSession } from "@passbridge/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.ts";
import { toProblem } from "../problems/problem.ts";
import { retryInterval } from "../problems/retry-interval.ts";

const KEY = ["sessions"];

/** The person's sessions in every browser; an outage keeps the list that is known and is retried. */
export function useSessions() {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.sessions({ signal }),
    refetchInterval: ({ state }) => retryInterval(state.error),
  });
  const keep = (fits: (session: ListedSession) => boolean) => {
    queries.setQueryData<readonly ListedSession[]>(KEY, (list) => list?.filter(fits));
    void refetch();
  };
  return {
    sessions: data,
    problem: error ? toProblem(error) : null,
    reload: () => void refetch(),
    ended: (id: string) => keep((session) => session.id !== id),
    othersEnded: () => keep(({ current }) => current),
  };
}
