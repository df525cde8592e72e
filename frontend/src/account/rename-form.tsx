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
  /** It has its new name; the form is done. */
  readonly onRenamed: (passkey: Passkey) => void;
  /** It keeps its name. */
  readonly onClose: () => void;
  /** The words of the way out; "Cancel" otherwise. */
  readonly closeLabel?: string;
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

function useRename({ passkey, onRenamed }: RenameFormProps) {
  const [text, setText] = useState(passkey.name);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [save, busy] = useAction(async () => {
    const checked = checkName(text);
    setProblem(null);
    setFault("fault" in checked ? checked.fault : null);
    if ("fault" in checked) return setRefusals((count) => count + 1);
    try {
      const renamed = await api.renamePasskey(passkey.id, checked.name);
      announce(t("account.renamed", { name: checked.name }));
      return onRenamed(renamed);
    } catch (error) {
      setProblem(toProblem(error));
      return setRefusals((count) => count + 1);
    }
  });
  return { text, setText, fault, problem, refusals, save, busy };
}

/** A passkey's name, edited where it stands; Escape leaves it as it was. */
export function RenameForm(props: RenameFormProps) {
  const { passkey, onClose, closeLabel = t("common.cancel") } = props;
  const form = useRename(props);
  const box = useRef<HTMLDivElement>(null);
  useEscape(box, onClose);
  const label = t("account.rename_label", { name: passkey.name });
  return (
    <div ref={box}>
      <Form onSubmit={() => void form.save()} refusals={form.refusals} label={label}>
        <AccountProblem problem={form.problem} />
        <TextField
          label={t("account.name")}
          name="name"
          value={form.text}
          onChange={form.setText}
          error={form.fault}
          required
          autoComplete="off"
        />
        <div className="actions">
          <Button variant="quiet" onClick={onClose}>
            {closeLabel}
          </Button>
          <Button variant="primary" type="submit" busy={form.busy} busyLabel={t("account.save_busy")}>
            {t("account.save")}
          </Button>
        </div>
      </Form>
    </div>
  );
}
