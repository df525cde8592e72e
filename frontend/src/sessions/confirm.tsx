import type { ReactNode } from "react";
import { AccountProblem } from "../account/account-problem.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import type { Problem } from "../problems/problem.ts";
import { t } from "../t.ts";

export type ConfirmProps = {
  readonly open: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** The words of the way back, and of the way on. */
  readonly keep: string;
  readonly submit: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly onKeep: () => void;
  readonly onSubmit: () => void;
};

/** Asks before somebody is signed out, and stays open to say when that did not work. */
export function Confirm({ open, title, children, keep, submit, busy, problem, onKeep, onSubmit }: ConfirmProps) {
  const actions = (
    <>
      <Button onClick={onKeep}>{keep}</Button>
      <Button variant="danger" busy={busy} busyLabel={t("sessions.sign_out_busy")} onClick={onSubmit}>
        {submit}
      </Button>
    </>
  );
  return (
    <Dialog alert open={open} title={title} actions={actions} onClose={onKeep}>
      <p>{children}</p>
      <AccountProblem problem={problem} />
    </Dialog>
  );
}
