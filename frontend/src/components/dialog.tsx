import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as PlainDialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

export type DialogProps = {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** The buttons; the way back first. Absent where the content has its own. */
  readonly actions?: ReactNode;
  /** A warning that wants an answer: screen readers read it out as one. */
  readonly alert?: boolean;
  /** Called when the person leaves it by Escape. */
  readonly onClose: () => void;
};

type DialogBoxProps = Pick<DialogProps, "title" | "children" | "actions" | "alert">;

/** The parts below the root are the same for both kinds. */
function DialogBox({ title, children, actions, alert = false }: DialogBoxProps) {
  return (
    <PlainDialog.Portal>
      <PlainDialog.Backdrop className="dialog__backdrop" />
      <PlainDialog.Viewport className="dialog__viewport">
        <PlainDialog.Popup className="dialog">
          <PlainDialog.Title>{title}</PlainDialog.Title>
          {alert ? (
            <PlainDialog.Description className="stack" render={<div />}>
              {children}
            </PlainDialog.Description>
          ) : (
            <div className="stack">{children}</div>
          )}
          {actions && <div className="actions">{actions}</div>}
        </PlainDialog.Popup>
      </PlainDialog.Viewport>
    </PlainDialog.Portal>
  );
}

/** A modal question: keeps focus inside, closes on Escape but not by a click beside it, and gives focus back. */
export function Dialog({ open, alert = false, onClose, ...box }: DialogProps) {
  const change = (next: boolean) => {
    if (!next) onClose();
  };
  if (alert)
    return (
      <AlertDialog.Root open={open} onOpenChange={change}>
        <DialogBox {...box} alert />
      </AlertDialog.Root>
    );
  return (
    <PlainDialog.Root open={open} onOpenChange={change} disablePointerDismissal>
      <DialogBox {...box} />
    </PlainDialog.Root>
  );
}
