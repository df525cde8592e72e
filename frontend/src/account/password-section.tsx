import type { AuthenticatedSession } from "@passbridge/client";
import { useRef, useState } from "react";
import { useLocation } from "react-router";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { announce } from "../components/live-region.tsx";
import { Notice } from "../components/notice.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { useAction } from "../components/use-action.ts";
import { UsernameHint } from "../components/username-hint.tsx";
import type { Flow } from "../kratos/flow.ts";
import { fieldError, flowErrors } from "../kratos/messages.ts";
import type { Problem } from "../problems/problem.ts";
import { useStepUp } from "../step-up/use-step-up.tsx";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { changeAfterStepUp } from "./change-after-step-up.ts";
import { Section } from "./section.tsx";

type FormProps = {
  readonly email: string;
  readonly settings: string | null | undefined;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
};

function usePasswordForm(settings: string | null | undefined, onSaved: () => void) {
  const stepUp = useStepUp();
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [flow, setFlow] = useState<Flow | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [save, busy] = useAction(async () => {
    setMissing(password === "" ? t("field.required") : null);
    setProblem(null);
    setFlow(null);
    if (password === "") return setRefusals((count) => count + 1);
    const change = await changeAfterStepUp(stepUp.run, password, settings);
    if (change.kind === "saved") {
      announce(t("account.password_saved"));
      return onSaved();
    }
    if (change.kind === "refused") setFlow(change.flow);
    else setProblem(change.problem);
    return setRefusals((count) => count + 1);
  });
  const fault = missing ?? fieldError(flow, "password");
  return {
    password,
    setPassword,
    fault,
    faults: flowErrors(flow, ["password"]),
    problem,
    refusals,
    save,
    busy,
    dialog: stepUp.dialog,
  };
}

function NewPasswordFields({ email, settings, onSaved, onCancel }: FormProps) {
  const form = usePasswordForm(settings, onSaved);
  return (
    <Form onSubmit={() => void form.save()} refusals={form.refusals} label={t("account.password_change")}>
      <AccountProblem problem={form.problem} />
      {form.faults.map((fault) => (
        <Notice key={fault} tone="error">
          {fault}
        </Notice>
      ))}
      <UsernameHint email={email} />
      <PasswordField
        label={t("field.new_password")}
        name="password"
        autoComplete="new-password"
        required
        strength
        value={form.password}
        onChange={form.setPassword}
        error={form.fault}
      />
      <div className="actions">
        <Button variant="quiet" onClick={onCancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("account.save_busy")}>
          {t("account.password_save")}
        </Button>
      </div>
      {form.dialog}
    </Form>
  );
}

export type PasswordSectionProps = {
  readonly session: AuthenticatedSession;
  /** A settings flow Kratos sent the person here with; null for none. */
  readonly flowId: string | null;
  readonly onSaved: () => void;
};

/** The password: changed in place, without asking for the old one after a recent sign-in of either kind. */
export function PasswordSection({ session, flowId, onSaved }: PasswordSectionProps) {
  const wanted = useLocation().hash === "#password" || flowId !== null;
  const [state, setState] = useState<"closed" | "open" | "saved">(wanted ? "open" : "closed");
  const button = useRef<HTMLButtonElement>(null);
  const withKratos = session.sessions.password !== null;
  const close = (next: "closed" | "saved") => {
    setState(next);
    requestAnimationFrame(() => button.current?.focus());
  };
  const saved = () => {
    close("saved");
    onSaved();
  };
  return (
    <Section
      id="password"
      title={t("account.password")}
      lead={t(withKratos ? "account.password_lead" : "account.password_passkey")}
    >
      {state === "saved" && <Notice tone="success">{t("account.password_saved")}</Notice>}
      {state === "open" ? (
        <NewPasswordFields
          email={session.identity.email}
          settings={withKratos ? flowId : undefined}
          onSaved={saved}
          onCancel={() => close("closed")}
        />
      ) : (
        <div>
          <Button ref={button} onClick={() => setState("open")}>
            {t("account.password_change")}
          </Button>
        </div>
      )}
    </Section>
  );
}
