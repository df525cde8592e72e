import { TextField } from "../components/text-field.tsx";
import type { InputNode } from "../kratos/flow.ts";
import { type TraitValue, traitLabel } from "./trait-fields.ts";

export type TraitFieldProps = {
  readonly node: InputNode;
  readonly value: TraitValue;
  readonly onChange: (value: TraitValue) => void;
  readonly error: string | null;
};

type TextType = "text" | "email" | "tel" | "url" | "number" | "date";

function textType(type: string): TextType {
  const known: readonly TextType[] = ["email", "tel", "url", "number", "date"];
  return known.find((candidate) => candidate === type) ?? "text";
}

/** One field of the identity schema, drawn by its type. */
export function TraitField({ node, value, onChange, error }: TraitFieldProps) {
  const { name, type, required, autocomplete } = node.attributes;
  const label = traitLabel(node);
  if (type === "checkbox") {
    return (
      <label className="choice">
        <input
          type="checkbox"
          name={name}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{label}</span>
      </label>
    );
  }
  return (
    <TextField
      label={label}
      name={name}
      type={textType(type)}
      value={String(value)}
      onChange={onChange}
      required={required ?? false}
      error={error}
      {...(autocomplete || name === "traits.name" ? { autoComplete: autocomplete ?? "name" } : {})}
    />
  );
}
