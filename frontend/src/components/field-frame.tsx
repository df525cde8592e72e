import { Field } from "@base-ui/react/field";
import type { ReactNode } from "react";
import { ErrorIcon } from "./icons.tsx";

export type FieldFrameProps = {
  /** What is wrong, tied to the control; null when nothing is. */
  readonly error: string | null;
  /** The label, the control and what describes it. */
  readonly children: ReactNode;
};

type LibraryEvent = { readonly preventBaseUIHandler: () => void };

/**
 * Goes to the control's onKeyDown. On Enter the library would judge the value by the browser's own rules and mark
 * the field without a word of ours; whether a field is wrong is decided by the form and the server alone.
 */
export function keepOwnErrors(event: LibraryEvent): void {
  event.preventBaseUIHandler();
}

/** Ties a label, a control, its description and its error together; the error's sign does not depend on colour. */
export function FieldFrame({ error, children }: FieldFrameProps) {
  return (
    <Field.Root className="field" invalid={Boolean(error)}>
      {children}
      {error && (
        <Field.Error match className="field__error">
          <ErrorIcon />
          <span>{error}</span>
        </Field.Error>
      )}
    </Field.Root>
  );
}
