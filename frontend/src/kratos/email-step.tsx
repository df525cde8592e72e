import { useState } from "react";
import { Button } from "../components/button.tsx";
import { emailError } from "../components/email.ts";
import { Form } from "../components/form.tsx";
import { TextField } from "../components/text-field.tsx";
import { useAction } from "../components/use-action.ts";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

export type EmailStepProps = {
  readonly initial: string;
  readonly submitLabel: string;
  readonly busyLabel: string;
  readonly error: string | null;
  readonly problem: Problem | null;
  readonly refusals: number;
  readonly onSubmit: (email: string) => Promise<void>;
};

/** Asks for the address a code is to be sent to. */
export function EmailStep({ initial, submitLabel, busyLabel, error, problem, refusals, onSubmit }: EmailStepProps) {
  // The initial address may become known later than the step is drawn; what was typed goes before it.
  const [typed, setTyped] = useState<string | null>(null);
  const email = typed ?? initial;
  const [fault, setFault] = useState<string | null>(null);
  const [localRefusals, setLocalRefusals] = useState(0);
  const [send, busy] = useAction(async () => {
    const found = emailError(email);
    setFault(found);
    if (found === null) await onSubmit(email.trim());
    else setLocalRefusals((count) => count + 1);
  });
  return (
    <Form onSubmit={() => void send()} refusals={refusals + localRefusals}>
      <ProblemNotice problem={problem} />
      <TextField
        label={t("field.email")}
        name="email"
        type="email"
        autoComplete="email"
        required
        value={email}
        onChange={setTyped}
        error={fault ?? error}
      />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={busyLabel}>
        {submitLabel}
      </Button>
    </Form>
  );
}
