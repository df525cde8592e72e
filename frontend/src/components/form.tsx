import { type ReactNode, type SubmitEvent, useEffect, useRef } from "react";

export type FormProps = {
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  /** Counts the refusals: with each one, focus goes to the first field that is wrong, else to the notice. */
  readonly refusals: number;
  /** Makes the form a landmark: for pages with several. */
  readonly label?: string;
};

/** A form that never leaves the page and leads people to what needs correcting. */
export function Form({ children, onSubmit, refusals, label }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusals === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-notice="error"]');
    wrong?.focus();
  }, [refusals]);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form ref={form} className="stack" onSubmit={submit} noValidate aria-label={label}>
      {children}
    </form>
  );
}
