import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import { CodeStep } from "../kratos/code-step.tsx";
import { EmailStep } from "../kratos/email-step.tsx";
import type { CodeFlow } from "../kratos/use-code-flow.ts";
import { t } from "../t.ts";

/** The first step: which address the code goes to. The same words whether or not there is an account. */
export function AskEmail({ codes }: { codes: CodeFlow }) {
  return (
    <>
      <PageHeading title={t("recover.title")}>{t("recover.lead")}</PageHeading>
      {codes.restarted && <Notice tone="warning">{t("recover.restarted")}</Notice>}
      <EmailStep
        initial={codes.address}
        submitLabel={t("recover.send")}
        busyLabel={t("recover.send_busy")}
        error={codes.error}
        problem={codes.problem}
        refusals={codes.refusals}
        onSubmit={async (email) => void (await codes.sendMail(email))}
      />
    </>
  );
}

/** The second step: the code. */
export function EnterRecoveryCode({ codes }: { codes: CodeFlow }) {
  const { address } = codes;
  return (
    <>
      <PageHeading title={t("verify.title")}>
        {address ? t("recover.code_lead", { email: address }) : t("recover.code_lead_unknown")}
      </PageHeading>
      <CodeStep
        initial=""
        submitLabel={t("recover.submit")}
        busyLabel={t("recover.submit_busy")}
        error={codes.error}
        problem={codes.problem}
        refusals={codes.refusals}
        onSubmit={async (code) => void (await codes.sendCode(code))}
        onResend={address ? () => codes.sendMail(address) : null}
      >
        <Button variant="quiet" label={t("verify.change_label")} onClick={codes.changeAddress}>
          {t("verify.change")}
        </Button>
      </CodeStep>
    </>
  );
}
