import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { useAction } from "../components/use-action.ts";
import { leave } from "../navigation/leave.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { useEndOtherSessions } from "../sessions/use-end-other-sessions.ts";
import { t } from "../t.ts";
import { Section } from "./section.tsx";

/** For a device that is lost or was somebody else's. */
function Elsewhere() {
  const [ended, setEnded] = useState<string | null>(null);
  const { end, busy, problem } = useEndOtherSessions(setEnded);
  return (
    <>
      <ProblemNotice problem={problem} />
      {ended && !problem && <Notice tone="success">{ended}</Notice>}
      <div>
        <Button variant="quiet" busy={busy} busyLabel={t("recover.others_busy")} onClick={() => void end()}>
          {t("recover.others_submit")}
        </Button>
      </div>
    </>
  );
}

/** The way out of this browser, and of every other. Other tabs are told before the page is left. */
export function SignOutSection({ refresh }: { refresh: () => Promise<void> }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [signOut, busy] = useAction(async () => {
    setProblem(null);
    try {
      await api.logout();
      await refresh();
      leave("/login");
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return (
    <Section title={t("account.sign_out")} lead={t("account.sign_out_lead")}>
      <ProblemNotice problem={problem} />
      <div>
        <Button busy={busy} busyLabel={t("account.sign_out_busy")} onClick={() => void signOut()}>
          {t("account.sign_out")}
        </Button>
      </div>
      <Elsewhere />
    </Section>
  );
}
