import { useState } from "react";
import { api } from "../api.ts";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";

function endedWords(count: number): string {
  if (count === 0) return t("recover.others_none");
  return count === 1 ? t("recover.others_one") : t("recover.others_many", { count });
}

/**
 * Ends the account's sessions in every other browser.
 * @param onEnded told in words how many there were.
 */
export function useEndOtherSessions(onEnded: (words: string) => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [end, busy] = useAction(async () => {
    setProblem(null);
    try {
      const { revoked } = await api.endOtherSessions();
      onEnded(endedWords(revoked));
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return { end, busy, problem, clear: () => setProblem(null) };
}
