import { Field } from "@base-ui/react/field";
import { Toggle } from "@base-ui/react/toggle";
import { useState } from "react";
import { t } from "../t.ts";
import { EyeIcon, EyeOffIcon } from "./icons.tsx";
import { passwordStrength } from "./password-strength.ts";
import { type FieldProps, TextField } from "./text-field.tsx";

export type PasswordFieldProps = FieldProps & {
  readonly autoComplete: "current-password" | "new-password";
  /** Shows how strong the password is, for a new one. */
  readonly strength?: boolean;
};

const BARS = [1, 2, 3, 4] as const;

function StrengthBars({ strength }: { strength: number }) {
  return (
    <span className="strength__bars" aria-hidden="true">
      {BARS.map((bar) => (
        <span key={bar} className={bar <= strength ? "strength__bar strength__bar--on" : "strength__bar"} />
      ))}
    </span>
  );
}

function StrengthMeter({ password }: { password: string }) {
  const strength = passwordStrength(password);
  return (
    <Field.Description className="strength">
      {password !== "" && <StrengthBars strength={strength} />}
      <span>{t(password === "" ? "strength.hint" : `strength.${strength}`)}</span>
    </Field.Description>
  );
}

/** A password with a button that reveals it and, for a new one, a hint of its strength. Never asked for twice. */
export function PasswordField({ strength = false, ...props }: PasswordFieldProps) {
  const [revealed, setRevealed] = useState(false);
  const reveal = (
    <Toggle
      className="field__button"
      pressed={revealed}
      onPressedChange={setRevealed}
      aria-label={t("field.show_password")}
    >
      {revealed ? <EyeOffIcon /> : <EyeIcon />}
    </Toggle>
  );
  return (
    <TextField {...props} type={revealed ? "text" : "password"} button={reveal}>
      {strength && <StrengthMeter password={props.value} />}
    </TextField>
  );
}
