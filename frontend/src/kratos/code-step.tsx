import { type ReactNode, useState } from "react";
import { Button } from "../components/button.tsx";
import { CODE_LENGTH } from "../components/code-boxes.tsx";
import { CodeField } from "../components/code-field.tsx";
import { Form } from "../components/form.tsx";
import { announce } from "../components/live-region.tsx";
import { useAction } from "../components/use-action.ts";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { useCountdown } from "../problems/use-countdown.ts";
import { t } from "../t.ts";

const RESEND_AFTER = 30;

export type CodeStepProps = {
  /** The code the mail's link brought along, if any. */
  readonly initial: string;
  readonly submitLabel: string;
  readonly busyLabel: string;
  /** What is wrong with the code that was sent last. */
  readonly error: string | null;
  readonly problem: Problem | null;
  readonly refusals: number;
  readonly onSubmit: (code: string) => Promise<void>;
  /** Sends another mail; resolves to whether it went out. Null where there is no address to send it to. */
  readonly onResend: (() => Promise<boolean>) | null;
  readonly children?: ReactNode;
};

function Resend({ onResend }: { onResend: () => Promise<boolean> }) {
  const [left, start] = useCountdown(RESEND_AFTER);
  const [resend, busy] = useAction(async () => {
    if (!(await onResend())) return;
    start(RESEND_AFTER);
    announce(t("verify.again_sent"));
  });
  return (
    <Button variant="quiet" busy={busy} disabled={left > 0} onClick={() => void resend()}>
      {left > 0 ? t("verify.again_in", { seconds: left }) : t("verify.again")}
    </Button>
  );
}

/** The six digits of a mail, by hand, paste or link; all six there, they are sent by themselves. */
export function CodeStep({ initial, error, problem, refusals, onSubmit, onResend, ...words }: CodeStepProps) {
  const [code, setCode] = useState(initial);
  const [faultFor, setFaultFor] = useState<string | null>(null);
  const [localRefusals, setLocalRefusals] = useState(0);
  const [send, busy] = useAction(async (digits: string) => {
    setFaultFor(digits);
    if (digits.length === CODE_LENGTH) await onSubmit(digits);
    else setLocalRefusals((count) => count + 1);
  });
  // The complaint belongs to the code it was about and goes away with the first correction.
  const wrong = faultFor === code ? (code.length < CODE_LENGTH ? t("field.code_short") : error) : null;
  return (
    <Form onSubmit={() => void send(code)} refusals={refusals + localRefusals}>
      <ProblemNotice problem={problem} />
      <CodeField value={code} onChange={setCode} onComplete={(digits) => void send(digits)} error={wrong} />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={words.busyLabel}>
        {words.submitLabel}
      </Button>
      <div className="row">
        {onResend && <Resend onResend={onResend} />}
        {words.children}
      </div>
    </Form>
  );
}
