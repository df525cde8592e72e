import { useState } from "react";
import { api } from "../api.ts";
import { useAction } from "../components/use-action.ts";
import { leaveAfter } from "../navigation/leave.ts";
import { type Problem, toProblem } from "../problems/problem.ts";

/**
 * The way out of this browser, alone or with every other; then on to sign-in.
 * @param refresh tells other tabs, before the page is left.
 */
export function useSignOutHere(refresh: () => Promise<void>, everywhere: boolean) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [signOut, busy] = useAction(async () => {
    setProblem(null);
    try {
      await api.logout({ everywhere });
      // The page would see that nobody is signed in any more, and lead to sign-in and back here.
      await leaveAfter(refresh, "/login");
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return { signOut, busy, problem, clear: () => setProblem(null) };
}
