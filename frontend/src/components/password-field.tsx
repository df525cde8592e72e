import { useId, useState } from "react";
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

function StrengthMeter({ id, password }: { id: string; password: string }) {
  const strength = passwordStrength(password);
  if (password === "") {
    return (
      <p className="strength" id={id}>
        {t("strength.hint")}
      </p>
    );
  }
  return (
    <div className="strength" id={id}>
      <span className="strength__bars" aria-hidden="true">
        {BARS.map((bar) => (
          <span key={bar} className={bar <= strength ? "strength__bar strength__bar--on" : "strength__bar"} />
        ))}
      </span>
      <span>{t(`strength.${strength}`)}</span>
    </div>
  );
}

/** A password with a button that reveals it and, for a new one, a hint of its strength. Never asked for twice. */
export function PasswordField({ strength = false, ...props }: PasswordFieldProps) {
  const [revealed, setRevealed] = useState(false);
  const meterId = useId();
  const reveal = (
    <button
      type="button"
      className="field__button"
      aria-pressed={revealed}
      aria-label={t(revealed ? "field.hide_password" : "field.show_password")}
      onClick={() => setRevealed(!revealed)}
    >
      {revealed ? <EyeOffIcon /> : <EyeIcon />}
    </button>
  );
  return (
    <TextField
      {...props}
      type={revealed ? "text" : "password"}
      button={reveal}
      {...(strength ? { describedBy: meterId } : {})}
    >
      {strength && <StrengthMeter id={meterId} password={props.value} />}
    </TextField>
  );
}
