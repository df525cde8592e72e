import type { Passkey } from "@passbridge/client";
import { type RefObject, useEffect, useRef, useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { announce } from "../components/live-region.tsx";
import { TextField } from "../components/text-field.tsx";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { checkName } from "./passkey-words.ts";

export type RenameFormProps = {
  readonly passkey: Passkey;
  readonly onRenamed: (passkey: Passkey) => void;
  readonly onClose: () => void;
};

/** Puts the cursor into the field and has Escape leave it. */
function useEscape(box: RefObject<HTMLElement | null>, onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const input = box.current?.querySelector("input");
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") latest.current();
    };
    input?.select();
    input?.addEventListener("keydown", leave);
    return () => input?.removeEventListener("keydown", leave);
  }, [box]);
}

/** A passkey's name, edited where it stands; Escape leaves it as it was. */
export function RenameForm({ passkey, onRenamed, onClose }: RenameFormProps) {
  const [text, setText] = useState(passkey.name);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEscape(box, onClose);

  const [save, busy] = useAction(async () => {
    const checked = checkName(text);
    setProblem(null);
    setFault("fault" in checked ? checked.fault : null);
    if ("fault" in checked) return setRefusals((count) => count + 1);
    try {
      onRenamed(await api.renamePasskey(passkey.id, checked.name));
      announce(t("account.renamed", { name: checked.name }));
      return onClose();
    } catch (error) {
      setProblem(toProblem(error));
      return setRefusals((count) => count + 1);
    }
  });

  return (
    <div ref={box}>
      <Form onSubmit={() => void save()} refusals={refusals} label={t("account.rename_label", { name: passkey.name })}>
        <AccountProblem problem={problem} />
        <TextField
          label={t("account.name")}
          name="name"
          value={text}
          onChange={setText}
          error={fault}
          required
          autoComplete="off"
        />
        <div className="actions">
          <Button variant="quiet" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button variant="primary" type="submit" busy={busy} busyLabel={t("account.save_busy")}>
            {t("account.save")}
          </Button>
        </div>
      </Form>
    </div>
  );
}
