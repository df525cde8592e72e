import type { Passkey } from "@passbridge/client";
import { useRef, useState } from "react";
import { Button } from "../components/button.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { t } from "../t.ts";
import { dateWords } from "./passkey-words.ts";
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

/** The provider's initial where the provider is known, the passkey picture otherwise. */
function ProviderMark({ passkey, provider }: { passkey: Passkey; provider: string }) {
  return (
    <span className="passkey__mark" aria-hidden="true">
      {passkey.provider ? provider.slice(0, 1).toUpperCase() : <PasskeyIcon />}
    </span>
  );
}

function Facts({ passkey, provider }: { passkey: Passkey; provider: string }) {
  return (
    <p className="passkey__facts small">
      {provider !== passkey.name && <span>{provider}</span>}
      <span className="passkey__badge">{t(passkey.backed_up ? "account.synced" : "account.this_device")}</span>
      {dateWords(passkey).map((words) => (
        <span key={words}>{words}</span>
      ))}
    </p>
  );
}

/** One passkey: what keeps it, its name (edited in place), whether it is synced, its dates, and its removal. */
export function PasskeyCard({ passkey, provider, last, onRenamed, onRemoved }: PasskeyCardProps) {
  const [mode, setMode] = useState<"shown" | "renaming" | "removing">("shown");
  const renameButton = useRef<HTMLButtonElement>(null);
  const { name } = passkey;
  const stopRenaming = () => {
    setMode("shown");
    requestAnimationFrame(() => renameButton.current?.focus());
  };
  return (
    <li className="passkey">
      <ProviderMark passkey={passkey} provider={provider} />
      <div className="passkey__body">
        {mode === "renaming" ? (
          <RenameForm passkey={passkey} onRenamed={onRenamed} onClose={stopRenaming} />
        ) : (
          <h3 className="passkey__name">{name}</h3>
        )}
        <Facts passkey={passkey} provider={provider} />
        {mode !== "renaming" && (
          <div className="passkey__actions">
            <Button
              ref={renameButton}
              variant="quiet"
              label={t("account.rename_label", { name })}
              onClick={() => setMode("renaming")}
            >
              {t("account.rename")}
            </Button>
            <Button variant="quiet" label={t("account.remove_label", { name })} onClick={() => setMode("removing")}>
              {t("account.remove")}
            </Button>
          </div>
        )}
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
