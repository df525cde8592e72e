import { Field } from "@base-ui/react/field";
import { Input } from "@base-ui/react/input";
import { t } from "../t.ts";
import { CODE_LENGTH, CodeBoxes } from "./code-boxes.tsx";
import { FieldFrame, keepOwnErrors } from "./field-frame.tsx";

export type CodeFieldProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Called once all six digits are there, typed or pasted. */
  readonly onComplete?: (value: string) => void;
  readonly error?: string | null;
  readonly label?: string;
};

/** The digits of whatever was typed or pasted, six at most. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "").slice(0, CODE_LENGTH);
}

/**
 * A six-digit code. It is one field, not six, so that paste, one-time-code autofill and screen readers work;
 * the boxes are only drawn.
 */
export function CodeField({ value, onChange, onComplete, error = null, label }: CodeFieldProps) {
  const change = (text: string) => {
    const digits = digitsOf(text);
    onChange(digits);
    if (digits.length === CODE_LENGTH && digits !== value) onComplete?.(digits);
  };
  return (
    <FieldFrame error={error}>
      <Field.Label className="field__label">{label ?? t("field.code")}</Field.Label>
      <div className="code">
        <Input
          className="code__input"
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={value}
          onValueChange={change}
          onKeyDown={keepOwnErrors}
          aria-required="true"
        />
        <CodeBoxes value={value} />
      </div>
    </FieldFrame>
  );
}
