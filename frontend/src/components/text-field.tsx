import { type ReactNode, useId } from "react";
import { t } from "../t.ts";
import { ErrorIcon } from "./icons.tsx";

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
  /** Shown at the end of the box, inside it. */
  readonly button?: ReactNode;
  /** Shown under the box. */
  readonly children?: ReactNode;
  readonly describedBy?: string;
};

/** What is wrong with a field, with a sign that does not depend on colour. */
export function FieldError({ id, children }: { id: string; children: string }) {
  return (
    <p className="field__error" id={id}>
      <ErrorIcon />
      <span>{children}</span>
    </p>
  );
}

function FieldLabel({ id, label, optional }: { id: string; label: string; optional: boolean }) {
  return (
    <label className="field__label" htmlFor={id}>
      {label}
      {optional && <span className="field__optional"> ({t("common.optional")})</span>}
    </label>
  );
}

/** One line of text with its label, hint and error. */
export function TextField({ type = "text", required = false, error = null, ...props }: TextFieldProps) {
  const id = useId();
  const described = [props.describedBy, props.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <FieldLabel id={id} label={props.label} optional={!required} />
      <div className="field__box">
        <input
          id={id}
          className={props.button ? "field__input field__input--with-button" : "field__input"}
          type={type}
          name={props.name}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          autoComplete={props.autoComplete}
          autoCapitalize={type === "text" ? undefined : "none"}
          spellCheck={type === "text" ? undefined : false}
          maxLength={props.maxLength}
          readOnly={props.readOnly}
          aria-required={required}
          aria-invalid={Boolean(error)}
          aria-describedby={described || undefined}
        />
        {props.button}
      </div>
      {props.hint && (
        <p className="field__hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.children}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}
