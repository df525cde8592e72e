import { Button } from "../components/button.tsx";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

/** How many codes there are could not be found out; it can be tried again. */
export function StateProblem({ problem, reload }: { problem: Problem; reload: () => void }) {
  return (
    <div className="stack">
      <ProblemNotice problem={problem} />
      <div>
        <Button onClick={reload}>{t("common.try_again")}</Button>
      </div>
    </div>
  );
}
