import { useState } from "react";
import { Button } from "../components/button.tsx";
import { PageHeading } from "../components/page.tsx";
import { EmailStep } from "../kratos/email-step.tsx";
import type { Verification } from "../kratos/flow.ts";
import { fieldError, flowErrors } from "../kratos/messages.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { canChangeEmail, changeEmail } from "./change-email.ts";

export type ChangeAddressProps = {
  readonly address: string;
  /** A new verification flow was started for the account's new address. */
  readonly onChanged: (verification: Verification) => void;
  /** Nobody is signed in here: only the mail can go to another address. */
  readonly onSendTo: (email: string) => Promise<unknown>;
  readonly onBack: () => void;
};

/** Another address: the account's own is changed where somebody is signed in; otherwise the code goes there. */
export function ChangeAddress({ address, onChanged, onSendTo, onBack }: ChangeAddressProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [refusals, setRefusals] = useState(0);
  const change = async (email: string) => {
    if (email === address || !(await canChangeEmail())) {
      await onSendTo(email);
      return;
    }
    const changed = await changeEmail(email);
    if ("refused" in changed) {
      setError(fieldError(changed.refused, "traits.email") ?? flowErrors(changed.refused, [])[0] ?? null);
      setRefusals((count) => count + 1);
    } else if (changed.verification !== null) onChanged(changed.verification);
    else await onSendTo(email);
  };
  const submit = async (email: string) => {
    setProblem(null);
    setError(null);
    try {
      await change(email);
    } catch (failed) {
      setProblem(toProblem(failed));
      setRefusals((count) => count + 1);
    }
  };
  return (
    <>
      <PageHeading title={t("verify.ask_title")}>{t("verify.ask_lead")}</PageHeading>
      <EmailStep
        initial={address}
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
