import type { Passkey } from "@passbridge/client";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { announce } from "../components/live-region.tsx";
import { useAction } from "../components/use-action.ts";
import { removePasskey } from "../passkeys/remove-passkey.ts";
import { type Problem, ProblemError, toProblem } from "../problems/problem.ts";
import { useStepUp } from "../step-up/use-step-up.tsx";
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

async function removeOrThrow(id: string): Promise<void> {
  const failed = await removePasskey(id);
  if (failed) throw new ProblemError(failed);
}

/** Asks before a passkey is removed, and says what that means. */
export function RemoveDialog({ passkey, last, open, onClose, onRemoved }: RemoveDialogProps) {
  const stepUp = useStepUp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { name } = passkey;
  const close = () => {
    setProblem(null);
    onClose();
  };
  const [confirm, busy] = useAction(async () => {
    setProblem(null);
    try {
      await stepUp.run(() => removeOrThrow(passkey.id));
      announce(t("account.removed", { name }));
      onRemoved();
    } catch (error) {
      setProblem(toProblem(error));
    }
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
      {stepUp.dialog}
    </Dialog>
  );
}
