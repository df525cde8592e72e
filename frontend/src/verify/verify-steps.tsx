import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import { WayBack } from "../components/way-back.tsx";
import { CodeStep } from "../kratos/code-step.tsx";
import { EmailStep } from "../kratos/email-step.tsx";
import type { CodeFlow } from "../kratos/use-code-flow.ts";
import { t } from "../t.ts";

export type AskAddressProps = {
  readonly codes: CodeFlow;
  /** A page somebody signed in wants to open needs the confirmed address. */
  readonly needed: boolean;
};

/** Asks for the address: nothing was sent yet, or the flow was over. */
export function AskAddress({ codes, needed }: AskAddressProps) {
  return (
    <>
      <PageHeading title={t("verify.ask_title")}>{t(needed ? "verify.needed_lead" : "verify.ask_lead")}</PageHeading>
      {codes.restarted && <Notice tone="warning">{t("verify.restarted")}</Notice>}
      <EmailStep
        initial={codes.address}
        submitLabel={t("verify.send")}
        busyLabel={t("verify.send_busy")}
        error={codes.error}
        problem={codes.problem}
        refusals={codes.refusals}
        onSubmit={async (email) => void (await codes.sendMail(email))}
      />
      {needed && <WayBack />}
    </>
  );
}

export type EnterCodeProps = {
  readonly codes: CodeFlow;
  readonly fromLink: string;
  /** Nobody is signed in to the account here. */
  readonly elsewhere: boolean;
  readonly onChange: () => void;
};

/** Asks for the code that was mailed. */
export function EnterCode({ codes, fromLink, elsewhere, onChange }: EnterCodeProps) {
  const { address } = codes;
  return (
    <>
      <PageHeading title={t("verify.title")}>
        {address ? t("verify.lead", { email: address }) : t("verify.lead_unknown")}
      </PageHeading>
      {fromLink && <Notice tone="info">{t("verify.from_link")}</Notice>}
      {elsewhere && <Notice tone="warning">{t("verify.elsewhere")}</Notice>}
      <CodeStep
        initial={fromLink}
        submitLabel={t("verify.submit")}
        busyLabel={t("verify.submit_busy")}
        error={codes.error}
        problem={codes.problem}
        refusals={codes.refusals}
        onSubmit={async (code) => void (await codes.sendCode(code))}
        onResend={address ? () => codes.sendMail(address) : null}
      >
        <Button variant="quiet" label={t("verify.change_label")} onClick={onChange}>
          {t("verify.change")}
        </Button>
      </CodeStep>
    </>
  );
}
