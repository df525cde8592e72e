import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { useAction } from "../components/use-action.ts";
import { leave } from "../navigation/leave.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { Section } from "./section.tsx";

/** The way out of this browser. Other tabs are told before the page is left. */
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
    </Section>
  );
}
