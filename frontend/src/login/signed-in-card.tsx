import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { PageHeading } from "../components/page.tsx";
import { useAction } from "../components/use-action.ts";
import { leave } from "../navigation/leave.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

/** For somebody who is signed in and was sent back here all the same: a way on and a way out, but no loop. */
export function SignedInCard({
  email,
  returnTo,
  onSignedOut,
}: {
  email: string;
  returnTo: string;
  onSignedOut: () => void;
}) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [signOut, busy] = useAction(async () => {
    try {
      await api.logout();
      onSignedOut();
    } catch (error) {
      setProblem(toProblem(error));
    }
  });
  return (
    <Card>
      <PageHeading title={t("login.signed_in_title")}>{t("login.signed_in_as", { email })}</PageHeading>
      <ProblemNotice problem={problem} />
      <div className="stack">
        <Button variant="primary" wide onClick={() => leave(returnTo)}>
          {t("common.continue")}
        </Button>
        <Button variant="quiet" wide busy={busy} onClick={signOut}>
          {t("login.sign_out")}
        </Button>
      </div>
    </Card>
  );
}
