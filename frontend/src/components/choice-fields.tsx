import { Field } from "@base-ui/react/field";
import { FieldFrame } from "./field-frame.tsx";
import type { FieldProps } from "./text-field.tsx";

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
  const choices = ["", ...options].map((option) => <option key={option}>{option}</option>);
  return (
    <FieldFrame error={error}>
      <Field.Label className="field__label">{label}</Field.Label>
      <Field.Control
        render={<select>{choices}</select>}
        className="field__input"
        name={name}
        value={value}
        onValueChange={onChange}
        aria-required={required}
      />
    </FieldFrame>
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
  return (
    <FieldFrame error={error}>
      <Field.Label className="choice">
        <Field.Control
          type="checkbox"
          name={name}
          checked={checked}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </Field.Label>
    </FieldFrame>
  );
}
