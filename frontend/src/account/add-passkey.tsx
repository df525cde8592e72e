import type { Passkey, PublicKeyCredentialHint } from "@passbridge/client";
import { WebAuthnAbortService } from "@simplewebauthn/browser";
import { type ReactNode, useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { useAction } from "../components/use-action.ts";
import { createPasskey } from "../passkeys/create-passkey.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { useStepUp } from "../step-up/use-step-up.tsx";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { PasskeyPlaces } from "./passkey-places.tsx";
import { RenameForm } from "./rename-form.tsx";

/** A browser does not tell a key that cannot do what is asked from a prompt that was closed: the words name both. */
function atPlace(hint: PublicKeyCredentialHint, problem: Problem): Problem {
  return hint === "security-key" && problem.code === "webauthn_create_cancelled" ? { code: "key_refused" } : problem;
}

/** Makes a passkey at the chosen place; a sign-in that is too long ago is confirmed on the way. */
function useAddition(onAdded: (passkey: Passkey) => void) {
  const stepUp = useStepUp();
  const [made, setMade] = useState<Passkey | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [place, setPlace] = useState<PublicKeyCredentialHint | null>(null);
  const [create, busy] = useAction(async (hint: PublicKeyCredentialHint) => {
    setProblem(null);
    setPlace(hint);
    try {
      const passkey = await stepUp.run(() => createPasskey({ hint }));
      setMade(passkey);
      onAdded(passkey);
    } catch (error) {
      setProblem(atPlace(hint, toProblem(error)));
    }
  });
  const reset = () => {
    if (busy) WebAuthnAbortService.cancelCeremony();
    setMade(null);
    setProblem(null);
  };
  return { made, problem, create, place: busy ? place : null, reset, stepUpDialog: stepUp.dialog };
}

export type AddPasskeyProps = {
  readonly label: string;
  /** Stands where the button would, when nothing can be added. */
  readonly instead: ReactNode;
  readonly onAdded: (passkey: Passkey) => void;
  readonly onRenamed: (passkey: Passkey) => void;
};

/** Adds a passkey at a place of the person's choice, and asks for a name of their own only after that. */
export function AddPasskey({ label, instead, onAdded, onRenamed }: AddPasskeyProps) {
  const [open, setOpen] = useState(false);
  const { made, problem, create, place, reset, stepUpDialog } = useAddition(onAdded);
  const change = (next: boolean) => {
    reset();
    setOpen(next);
  };
  const renamed = (passkey: Passkey) => {
    onRenamed(passkey);
    change(false);
  };
  const close = () => change(false);
  const cancel = <Button onClick={close}>{t("common.cancel")}</Button>;
  const title = t(made ? "account.add_done" : "account.add");
  return (
    <div>
      {instead ?? (
        <Button icon={<PasskeyIcon />} onClick={() => change(true)}>
          {label}
        </Button>
      )}
      <Dialog open={open} title={title} actions={made ? null : cancel} onClose={close}>
        <p>{t(made ? "account.add_name" : "account.add_lead")}</p>
        <AccountProblem problem={problem} />
        {made ? (
          <RenameForm passkey={made} closeLabel={t("account.add_keep_name")} onRenamed={renamed} onClose={close} />
        ) : (
          <PasskeyPlaces busy={place} onChoose={(hint) => void create(hint)} />
        )}
        {stepUpDialog}
      </Dialog>
    </div>
  );
}
