import "./step-up-texts.ts";
import { useSession } from "@passbridge/client/react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { signInByPrompt } from "../passkeys/sign-in-ceremony.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { PasswordWay } from "./password-way.tsx";
import { type Attempt, useAttempt } from "./use-attempt.ts";

export type StepUpDialogProps = {
  readonly open: boolean;
  /** A password alone would not prove enough. */
  readonly passkeyOnly: boolean;
  readonly onConfirmed: () => void;
  readonly onCancel: () => void;
};

function PasskeyWay({ attempt }: { attempt: Attempt }) {
  const check = async () => {
    await signInByPrompt({ start: { step_up: true }, atHand: false, onAgain: (code) => attempt.tell({ code }) });
    return true;
  };
  return (
    <Button
      variant="primary"
      wide
      icon={<PasskeyIcon />}
      busy={attempt.busy === "passkey"}
      busyLabel={t("login.passkey_busy")}
      onClick={() => void attempt.make("passkey", check)}
    >
      {t("step_up.passkey")}
    </Button>
  );
}

function Ways({ passkeyOnly, onConfirmed }: Pick<StepUpDialogProps, "passkeyOnly" | "onConfirmed">) {
  const { session } = useSession();
  const attempt = useAttempt(onConfirmed);
  const canPasskey = webAuthnSupport() === "yes";
  const canPassword = !passkeyOnly && session !== null;
  return (
    <>
      <p>{t(passkeyOnly ? "step_up.lead_passkey" : "step_up.lead")}</p>
      <ProblemNotice problem={attempt.problem} />
      {!canPasskey && !canPassword && <Notice tone="warning">{t("step_up.no_way")}</Notice>}
      {canPasskey && <PasskeyWay attempt={attempt} />}
      {canPasskey && canPassword && <p className="divider">{t("login.or")}</p>}
      {canPassword && <PasswordWay email={session.identity.email} attempt={attempt} only={!canPasskey} />}
    </>
  );
}

/** Asks who is there, by passkey or password, without leaving the page; Escape and "Cancel" do nothing. */
export function StepUpDialog({ open, onCancel, ...ways }: StepUpDialogProps) {
  const cancel = <Button onClick={onCancel}>{t("common.cancel")}</Button>;
  return (
    <Dialog open={open} title={t("step_up.title")} actions={cancel} onClose={onCancel}>
      <Ways {...ways} />
    </Dialog>
  );
}
