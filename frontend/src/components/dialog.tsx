import { type ReactNode, useEffect, useId, useRef } from "react";

export type DialogProps = {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** The buttons; the way back first. */
  readonly actions: ReactNode;
  /** Called when the person leaves it by Escape. */
  readonly onClose: () => void;
};

/**
 * A modal question. The browser's own dialog element keeps focus inside, closes on Escape and gives focus back;
 * libraries that do this in script add style elements, which the pages' content security policy refuses.
 */
export function Dialog({ open, title, children, actions, onClose }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {open && (
        <div className="dialog__body">
          <h2 id={id}>{title}</h2>
          <div className="stack">{children}</div>
          <div className="actions">{actions}</div>
        </div>
      )}
    </dialog>
  );
}
