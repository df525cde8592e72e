import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { TextField } from "../components/text-field.tsx";
import { useKnownEmail } from "../navigation/known-email.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { useRecoveryCode } from "./use-recovery-code.ts";

/** E-mail and recovery code. */
export function RecoveryCodeForm({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState(useKnownEmail());
  const [code, setCode] = useState("");
  const { faults, problem, refusals, send, busy } = useRecoveryCode(onSignedIn);
  return (
    <Form onSubmit={() => void send(email, code)} refusals={refusals}>
      <ProblemNotice problem={problem} />
      <TextField
        label={t("field.email")}
        name="email"
        type="email"
        autoComplete="email"
        required
        value={email}
        onChange={setEmail}
        error={faults.email}
      />
      <TextField
        label={t("recovery_code.field")}
        name="recovery-code"
        autoComplete="off"
        verbatim
        required
        maxLength={64}
        value={code}
        onChange={setCode}
        error={faults.code}
        hint={t("recovery_code.hint")}
      />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={t("recovery_code.submit_busy")}>
        {t("recovery_code.submit")}
      </Button>
    </Form>
  );
}
