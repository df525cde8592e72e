import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { PasswordField } from "../components/password-field.tsx";
import { UsernameHint } from "../components/username-hint.tsx";
import { t } from "../t.ts";
import { confirmPassword } from "./confirm-password.ts";
import type { Attempt } from "./use-attempt.ts";

export type PasswordWayProps = {
  readonly email: string;
  readonly attempt: Attempt;
  /** Whether it is the only way, and so the one that stands out. */
  readonly only: boolean;
};

/** Confirming with the password; what is wrong with it is told at the field. */
export function PasswordWay({ email, attempt, only }: PasswordWayProps) {
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [refusals, setRefusals] = useState(0);
  const refuse = (words: string) => {
    setFault(words);
    setRefusals((count) => count + 1);
    return false;
  };
  const check = async () => {
    setFault(null);
    if (password === "") return refuse(t("field.required"));
    const wrong = await confirmPassword(email, password);
    return wrong === null || refuse(wrong);
  };
  return (
    <Form onSubmit={() => void attempt.make("password", check)} refusals={refusals} label={t("step_up.password")}>
      <UsernameHint email={email} />
      <PasswordField
        label={t("field.password")}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
        error={fault}
      />
      <Button
        type="submit"
        variant={only ? "primary" : "secondary"}
        wide
        busy={attempt.busy === "password"}
        busyLabel={t("login.password_busy")}
      >
        {t("step_up.password")}
      </Button>
    </Form>
  );
}
