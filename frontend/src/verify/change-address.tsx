import { Button } from "../components/button.tsx";
import { PageHeading } from "../components/page.tsx";
import { EmailStep } from "../kratos/email-step.tsx";
import { t } from "../t.ts";
import { type ChangeAddressPorts, useChangeAddress } from "./use-change-address.ts";

/** Asks for the address the code should go to instead. */
export function ChangeAddress({ onBack, ...ports }: ChangeAddressPorts & { onBack: () => void }) {
  const { problem, error, refusals, submit } = useChangeAddress(ports);
  return (
    <>
      <PageHeading title={t("verify.change_title")}>{t("verify.change_lead")}</PageHeading>
      <EmailStep
        initial={ports.address}
        submitLabel={t("verify.send")}
        busyLabel={t("verify.send_busy")}
        error={error}
        problem={problem}
        refusals={refusals}
        onSubmit={submit}
      />
      <Button variant="quiet" wide onClick={onBack}>
        {t("common.back")}
      </Button>
    </>
  );
}
