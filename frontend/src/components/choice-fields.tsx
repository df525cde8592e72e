import { useId } from "react";
import { FieldError, type FieldProps } from "./text-field.tsx";

export type SelectFieldProps = FieldProps & { readonly options: readonly string[] };

/** One of several values; the empty one first, so that nothing is chosen for the person. */
export function SelectField({
  label,
  name,
  value,
  onChange,
  error = null,
  required = false,
  options,
}: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="field__input"
        name={name}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-required={required}
        aria-invalid={Boolean(error)}
        aria-describedby={error ? `${id}-error` : undefined}
      >
        {["", ...options].map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

export type CheckboxFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly error?: string | null;
};

/** Yes or no. */
export function CheckboxField({ label, name, checked, onChange, error = null }: CheckboxFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="choice">
        <input
          type="checkbox"
          name={name}
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          aria-invalid={Boolean(error)}
          aria-describedby={error ? `${id}-error` : undefined}
        />
        <span>{label}</span>
      </label>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}
