import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { announce } from "../components/live-region.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { useAction } from "../components/use-action.ts";
import { type Flow, inputValue } from "../kratos/flow.ts";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { fieldError, flowErrors } from "../kratos/messages.ts";
import { type Submitted, useFlow } from "../kratos/use-flow.ts";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";

type FormProps = {
  readonly flow: Flow;
  readonly submit: (values: Readonly<Record<string, unknown>>) => Promise<Submitted>;
  readonly onSaved: () => void;
};

function problemOf(answer: Submitted): Problem | null {
  if (answer.kind === "flow") return null;
  if (answer.kind === "failed") return answer.problem;
  return { code: answer.kind === "refresh" ? "reauthentication_required" : "challenge_invalid" };
}

function NewPasswordForm({ flow, submit, onSaved }: FormProps) {
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const refuse = () => setRefusals((count) => count + 1);
  const [save, busy] = useAction(async () => {
    setProblem(null);
    setMissing(password === "" ? t("field.required") : null);
    if (password === "") return refuse();
    const answer = await submit({ method: "password", password });
    if (answer.kind === "done" || (answer.kind === "flow" && !answer.refused)) {
      announce(t("recover.password_saved"));
      return onSaved();
    }
    setProblem(problemOf(answer));
    return refuse();
  });
  return (
    <Form onSubmit={() => void save()} refusals={refusals}>
      <ProblemNotice problem={problem} />
      {flowErrors(flow, ["password"]).map((message) => (
        <Notice key={message} tone="error">
          {message}
        </Notice>
      ))}
      {/* Tells password managers whose password this is. */}
      <input
        type="text"
        hidden
        name="username"
        autoComplete="username"
        value={inputValue(flow, "traits.email")}
        readOnly
      />
      <PasswordField
        label={t("field.new_password")}
        name="password"
        autoComplete="new-password"
        required
        strength
        value={password}
        onChange={setPassword}
        error={missing ?? fieldError(flow, "password")}
      />
      <Button type="submit" variant="primary" wide busy={busy} busyLabel={t("recover.password_busy")}>
        {t("recover.password_submit")}
      </Button>
    </Form>
  );
}

/** A new password after the recovery; it may be skipped in favour of a passkey. */
export function NewPassword({ flowId, onDone }: { flowId: string | null; onDone: () => void }) {
  const { state, submit, reload } = useFlow("settings", { id: flowId });
  return (
    <>
      <PageHeading title={t("recover.password_title")}>{t("recover.password_lead")}</PageHeading>
      <FlowGate
        state={state}
        reload={reload}
        elsewhere={() => <ProblemNotice problem={{ code: "reauthentication_required" }} />}
      >
        {(flow) => <NewPasswordForm flow={flow} submit={submit} onSaved={onDone} />}
      </FlowGate>
      <Button variant="quiet" wide onClick={onDone}>
        {t("recover.password_skip")}
      </Button>
    </>
  );
}
