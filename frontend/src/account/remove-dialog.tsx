import type { Passkey } from "@passbridge/client";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { announce } from "../components/live-region.tsx";
import { useAction } from "../components/use-action.ts";
import { removePasskey } from "../passkeys/remove-passkey.ts";
import type { Problem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";

export type RemoveDialogProps = {
  readonly passkey: Passkey;
  /** Whether no passkey is left without it. */
  readonly last: boolean;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
};

/** Asks before a passkey is removed, and says what that means. */
export function RemoveDialog({ passkey, last, open, onClose, onRemoved }: RemoveDialogProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const { name } = passkey;
  const close = () => {
    setProblem(null);
    onClose();
  };
  const [confirm, busy] = useAction(async () => {
    setProblem(null);
    const failed = await removePasskey(passkey.id);
    if (failed) return setProblem(failed);
    announce(t("account.removed", { name }));
    return onRemoved();
  });
  const actions = (
    <>
      <Button onClick={close}>{t("account.remove_keep")}</Button>
      <Button variant="danger" busy={busy} busyLabel={t("account.remove_busy")} onClick={() => void confirm()}>
        {t("account.remove")}
      </Button>
    </>
  );
  return (
    <Dialog alert open={open} title={t("account.remove_title", { name })} actions={actions} onClose={close}>
      <p>{t("account.remove_lead")}</p>
      {last && <p>{t("account.remove_last")}</p>}
      <p className="small">{t("account.remove_left")}</p>
      <AccountProblem problem={problem} />
    </Dialog>
  );
}
