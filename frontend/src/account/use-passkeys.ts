import type { Identity, Passkey, PasskeyList } from "@passbridge/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api.ts";
import { signalPasskeys } from "../passkeys/passkey-signals.ts";
import { toProblem } from "../problems/problem.ts";
import { retryInterval } from "../problems/retry-interval.ts";

const KEY = ["passkeys"];

/**
 * The person's passkeys, kept up to date over changes made here; the browser is told after each change (Signal API).
 * An outage keeps the list that is known and is retried.
 */
export function usePasskeys(identity: Identity) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.passkeys({ signal }),
    refetchInterval: ({ state }) => retryInterval(state.error),
  });
  const { email, name } = identity;
  useEffect(() => {
    if (data) void signalPasskeys(data, { email, name });
  }, [data, email, name]);

  function change(update: (passkeys: readonly Passkey[]) => Passkey[]): void {
    queries.setQueryData<PasskeyList>(KEY, (list) => list && { ...list, passkeys: update(list.passkeys) });
    void refetch();
  }

  return {
    list: data,
    problem: error ? toProblem(error) : null,
    reload: () => void refetch(),
    added: (passkey: Passkey) => change((all) => [...all, passkey]),
    renamed: (passkey: Passkey) => change((all) => all.map((one) => (one.id === passkey.id ? passkey : one))),
    removed: (id: string) => change((all) => all.filter((one) => one.id !== id)),
  };
}
