import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { PageHeading } from "../components/page.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { type Flow, inputValue } from "../kratos/flow.ts";
import { FlowErrors } from "../kratos/flow-errors.tsx";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { fieldError } from "../kratos/messages.ts";
import { useFlow } from "../kratos/use-flow.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { type NewPasswordPorts, useNewPassword } from "./use-new-password.ts";

function NewPasswordForm({ flow, ...ports }: NewPasswordPorts & { flow: Flow }) {
  const { password, setPassword, missing, problem, refusals, save, busy } = useNewPassword(ports);
  return (
    <Form onSubmit={() => void save()} refusals={refusals}>
      <ProblemNotice problem={problem} />
      <FlowErrors flow={flow} shown={["password"]} />
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
  const again = () => <ProblemNotice problem={{ code: "reauthentication_required" }} />;
  return (
    <>
      <PageHeading title={t("recover.password_title")}>{t("recover.password_lead")}</PageHeading>
      <FlowGate state={state} reload={reload} elsewhere={again}>
        {(flow) => <NewPasswordForm flow={flow} submit={submit} onSaved={onDone} />}
      </FlowGate>
      <Button variant="quiet" wide onClick={onDone}>
        {t("recover.password_skip")}
      </Button>
    </>
  );
}
