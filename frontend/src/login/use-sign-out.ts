import { useState } from "react";
import { api } from "../api.ts";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";

/** Signing out: the action, whether it is under way, and what went wrong. */
export function useSignOut(onSignedOut: () => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [signOut, busy] = useAction(async () => {
    setProblem(null);
    try {
      await api.logout();
      onSignedOut();
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return { signOut, busy, problem };
}
