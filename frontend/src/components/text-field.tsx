import { Field } from "@base-ui/react/field";
import { Input } from "@base-ui/react/input";
import type { ReactNode } from "react";
import { t } from "../t.ts";
import { FieldFrame, keepOwnErrors } from "./field-frame.tsx";

export type FieldProps = {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong, tied to the field; null or absent when nothing is. */
  readonly error?: string | null;
  readonly hint?: string;
  readonly required?: boolean;
  readonly autoComplete?: string;
  readonly readOnly?: boolean;
};

export type TextFieldProps = FieldProps & {
  readonly type?: "text" | "email" | "tel" | "url" | "number" | "date" | "datetime-local" | "password";
  readonly maxLength?: number;
  /** What is typed is a code or a name of no language: no capitals and no spelling by themselves. */
  readonly verbatim?: boolean;
  /** Shown at the end of the box, inside it. */
  readonly button?: ReactNode;
  /** Shown under the box. */
  readonly children?: ReactNode;
};

function FieldLabel({ label, optional }: { label: string; optional: boolean }) {
  return (
    <Field.Label className="field__label">
      {label}
      {optional && <span className="field__optional"> ({t("common.optional")})</span>}
    </Field.Label>
  );
}

/** One line of text with its label, hint and error. */
export function TextField({ type = "text", required = false, error = null, ...props }: TextFieldProps) {
  const prose = type === "text" && !props.verbatim;
  return (
    <FieldFrame error={error}>
      <FieldLabel label={props.label} optional={!required} />
      <div className="field__box">
        <Input
          className={props.button ? "field__input field__input--with-button" : "field__input"}
          type={type}
          name={props.name}
          value={props.value}
          onValueChange={props.onChange}
          onKeyDown={keepOwnErrors}
          autoComplete={props.autoComplete}
          autoCapitalize={prose ? undefined : "none"}
          spellCheck={prose ? undefined : false}
          maxLength={props.maxLength}
          readOnly={props.readOnly}
          aria-required={required}
        />
        {props.button}
      </div>
      {props.hint && <Field.Description className="field__hint">{props.hint}</Field.Description>}
      {props.children}
    </FieldFrame>
  );
}
