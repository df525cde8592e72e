import type { Passkey } from "@passbridge/client";
import { type Ref, useRef, useState } from "react";
import { Button } from "../components/button.tsx";
import { t } from "../t.ts";
import { PasskeyFacts } from "./passkey-facts.tsx";
import { ProviderMark } from "./provider-mark.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { RenameForm } from "./rename-form.tsx";

export type PasskeyCardProps = {
  readonly passkey: Passkey;
  /** What it is kept in, in words. */
  readonly provider: string;
  readonly last: boolean;
  readonly onRenamed: (passkey: Passkey) => void;
  readonly onRemoved: () => void;
};

type ActionsProps = {
  readonly name: string;
  readonly renameButton: Ref<HTMLButtonElement>;
  readonly onRename: () => void;
  readonly onRemove: () => void;
};

function Actions({ name, renameButton, onRename, onRemove }: ActionsProps) {
  return (
    <div className="entry__actions">
      <Button ref={renameButton} variant="quiet" label={t("account.rename_label", { name })} onClick={onRename}>
        {t("account.rename")}
      </Button>
      <Button variant="quiet" label={t("account.remove_label", { name })} onClick={onRemove}>
        {t("account.remove")}
      </Button>
    </div>
  );
}

/** One passkey: what keeps it, its name (edited in place), what becomes of it, its use, and its removal. */
export function PasskeyCard({ passkey, provider, last, onRenamed, onRemoved }: PasskeyCardProps) {
  const [mode, setMode] = useState<"shown" | "renaming" | "removing">("shown");
  const renameButton = useRef<HTMLButtonElement>(null);
  const { name } = passkey;
  const stopRenaming = () => {
    setMode("shown");
    requestAnimationFrame(() => renameButton.current?.focus());
  };
  const renamed = (next: Passkey) => {
    onRenamed(next);
    stopRenaming();
  };
  const actions = {
    name,
    renameButton,
    onRename: () => setMode("renaming"),
    onRemove: () => setMode("removing"),
  };
  return (
    <li className="entry">
      <ProviderMark passkey={passkey} />
      <div className="entry__body">
        {mode === "renaming" ? (
          <RenameForm passkey={passkey} onRenamed={renamed} onClose={stopRenaming} />
        ) : (
          <h3 className="entry__name">{name}</h3>
        )}
        <PasskeyFacts passkey={passkey} provider={provider} />
        {mode !== "renaming" && <Actions {...actions} />}
        <RemoveDialog
          passkey={passkey}
          last={last}
          open={mode === "removing"}
          onClose={() => setMode("shown")}
          onRemoved={onRemoved}
        />
      </div>
    </li>
  );
}
