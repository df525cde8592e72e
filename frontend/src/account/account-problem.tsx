import { ButtonLink } from "../components/button-link.tsx";
import { Notice } from "../components/notice.tsx";
import { needsSignIn, type Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

const SIGN_IN_AGAIN = "/login?reauthenticate=1&return_to=%2Faccount";

/** A problem of the account page: where a fresh sign-in is what it takes, with the way there and back. */
export function AccountProblem({ problem }: { problem: Problem | null }) {
  if (!problem || !needsSignIn(problem)) return <ProblemNotice problem={problem} />;
  return (
    <Notice tone="warning" action={<ButtonLink to={SIGN_IN_AGAIN}>{t("account.again")}</ButtonLink>}>
      {t("account.again_lead")}
    </Notice>
  );
}
