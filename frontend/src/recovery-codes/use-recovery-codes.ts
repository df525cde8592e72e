import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { useStepUp } from "../step-up/use-step-up.tsx";

/** How many codes are left, and making new ones, which are known until they are `saved` and never again. */
export function useRecoveryCodes() {
  const { data, error, refetch } = useQuery({
    queryKey: ["recovery-codes"],
    queryFn: ({ signal }) => api.recoveryCodeState({ signal }),
  });
  const { run, dialog } = useStepUp();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const [create, busy] = useAction(async () => {
    setRefused(null);
    try {
      const made = await run(() => api.createRecoveryCodes());
      setCodes(made.codes);
      void refetch();
    } catch (failed) {
      setRefused(toProblem(failed));
    }
  });
  return {
    state: data,
    /** The state could not be asked for. */
    problem: error ? toProblem(error) : null,
    reload: () => void refetch(),
    codes,
    saved: () => setCodes(null),
    create,
    busy,
    refused,
    /** Has to be drawn. */
    dialog,
  };
}

export type RecoveryCodesInHand = ReturnType<typeof useRecoveryCodes>;
