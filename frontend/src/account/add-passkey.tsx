import type { Passkey } from "@passbridge/client";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { Form } from "../components/form.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { TextField } from "../components/text-field.tsx";
import { useAction } from "../components/use-action.ts";
import { createPasskey } from "../passkeys/create-passkey.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { checkName } from "./passkey-words.ts";

/** Adds a passkey under a name of the person's own, or one the gateway finds. */
export function AddPasskey({ onAdded }: { onAdded: (passkey: Passkey) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);

  function close(): void {
    setOpen(false);
    setText("");
    setFault(null);
    setProblem(null);
  }

  const [create, busy] = useAction(async () => {
    setProblem(null);
    const checked = text.trim() === "" ? { name: "" } : checkName(text);
    setFault("fault" in checked ? checked.fault : null);
    if ("fault" in checked) return setRefusals((count) => count + 1);
    try {
      const passkey = await createPasskey(checked.name);
      close();
      return onAdded(passkey);
    } catch (error) {
      setProblem(toProblem(error));
      return setRefusals((count) => count + 1);
    }
  });

  const actions = (
    <>
      <Button onClick={close}>{t("common.cancel")}</Button>
      <Button variant="primary" busy={busy} busyLabel={t("hero.create_busy")} onClick={() => void create()}>
        {t("account.add_create")}
      </Button>
    </>
  );
  return (
    <>
      <Button icon={<PasskeyIcon />} onClick={() => setOpen(true)}>
        {t("account.add")}
      </Button>
      <Dialog open={open} title={t("account.add")} actions={actions} onClose={close}>
        <p>{t("account.add_lead")}</p>
        <Form onSubmit={() => void create()} refusals={refusals} label={t("account.add")}>
          <AccountProblem problem={problem} />
          <TextField
            label={t("account.name")}
            name="name"
            value={text}
            onChange={setText}
            error={fault}
            hint={t("account.name_hint")}
            autoComplete="off"
          />
        </Form>
      </Dialog>
    </>
  );
}
