import { CheckboxField, SelectField } from "../components/choice-fields.tsx";
import { TextField, type TextFieldProps } from "../components/text-field.tsx";
import type { InputNode } from "../kratos/flow.ts";
import { type TraitValue, traitLabel, traitOptions } from "./trait-fields.ts";

export type TraitFieldProps = {
  readonly node: InputNode;
  readonly value: TraitValue;
  readonly onChange: (value: TraitValue) => void;
  readonly error: string | null;
};

type TextType = NonNullable<TextFieldProps["type"]>;

const TEXT_TYPES: readonly TextType[] = ["email", "tel", "url", "number", "date", "datetime-local"];

/** One field of the identity schema, drawn by its type. */
export function TraitField({ node, value, onChange, error }: TraitFieldProps) {
  const { name, type, required = false, autocomplete } = node.attributes;
  const shared = { label: traitLabel(node), name, onChange, error, required };
  const options = traitOptions(node);
  if (type === "checkbox") return <CheckboxField {...shared} checked={value === true} />;
  if (options.length > 0) return <SelectField {...shared} value={String(value)} options={options} />;
  const known = autocomplete ?? (name === "traits.name" ? "name" : undefined);
  return (
    <TextField
      {...shared}
      type={TEXT_TYPES.find((candidate) => candidate === type) ?? "text"}
      value={String(value)}
      {...(known ? { autoComplete: known } : {})}
    />
  );
}
