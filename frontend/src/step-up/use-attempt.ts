import { useState } from "react";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";

export type Way = "passkey" | "password";

export type Attempt = {
  /** Tries one way of confirming: true when it is done, false when the way itself says why not. */
  readonly make: (way: Way, check: () => Promise<boolean>) => Promise<void>;
  readonly busy: Way | null;
  readonly problem: Problem | null;
  /** Shows what is being waited for or tried again. */
  readonly tell: (problem: Problem) => void;
};

/** One way of confirming at a time, and the one problem that is shown. */
export function useAttempt(onConfirmed: () => void): Attempt {
  const [way, setWay] = useState<Way | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [make, busy] = useAction(async (next: Way, check: () => Promise<boolean>) => {
    setWay(next);
    setProblem(null);
    try {
      if (await check()) onConfirmed();
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return { make, busy: busy ? way : null, problem, tell: setProblem };
}
