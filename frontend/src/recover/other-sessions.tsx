import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { announce } from "../components/live-region.tsx";
import { PageHeading } from "../components/page.tsx";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

function endedWords(count: number): string {
  if (count === 0) return t("recover.others_none");
  return count === 1 ? t("recover.others_one") : t("recover.others_many", { count });
}

/** The question whether whoever else may be signed in is to be signed out. */
export function OtherSessions({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [end, busy] = useAction(async () => {
    setProblem(null);
    try {
      const { revoked } = await api.endOtherSessions();
      announce(endedWords(revoked));
      onDone();
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return (
    <>
      <PageHeading title={t("recover.others_title")}>{t("recover.others_lead")}</PageHeading>
      <div className="stack">
        <ProblemNotice problem={problem} />
        <Button variant="primary" wide busy={busy} busyLabel={t("recover.others_busy")} onClick={() => void end()}>
          {t("recover.others_submit")}
        </Button>
        <Button variant="quiet" wide onClick={onDone}>
          {t("recover.others_keep")}
        </Button>
      </div>
    </>
  );
}
