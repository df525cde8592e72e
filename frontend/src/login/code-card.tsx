import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { PageHeading } from "../components/page.tsx";
import { CodeStep } from "../kratos/code-step.tsx";
import { t } from "../t.ts";
import type { CodeSignIn } from "./use-code-sign-in.ts";

/** The step that takes the mailed code, with the way back to the other ways in. */
export function CodeCard({ code, email }: { code: CodeSignIn; email: string }) {
  return (
    <Card>
      <PageHeading title={t("login.code_title")}>{t("login.code_lead", { email })}</PageHeading>
      <CodeStep
        initial=""
        submitLabel={t("login.code_submit")}
        busyLabel={t("login.code_submit_busy")}
        error={code.refusal.words}
        problem={code.refusal.problem}
        refusals={code.refusal.count}
        onSubmit={code.enter}
        onResend={code.resend}
      >
        <Button variant="quiet" onClick={code.goBack}>
          {t("login.code_back")}
        </Button>
      </CodeStep>
    </Card>
  );
}
