import type { Passkey } from "@passbridge/client";
import { CheckIcon, WarningIcon } from "../components/icons.tsx";
import { t } from "../t.ts";
import { backupOf, dateWords } from "./passkey-words.ts";

function BackupBadge({ passkey }: { passkey: Passkey }) {
  const backup = backupOf(passkey);
  return (
    <span className={backup === "unsynced" ? "entry__badge entry__badge--warning" : "entry__badge"}>
      {backup === "unsynced" && <WarningIcon />}
      {t(`account.${backup}`)}
    </span>
  );
}

/** Whether the make was proved; a passkey that says nothing of it is the rule and needs no words. */
function MakeBadge({ attestation }: Pick<Passkey, "attestation">) {
  if (attestation === "none") return null;
  return (
    <span className="entry__badge">
      {attestation === "verified" && <CheckIcon />}
      {t(`account.make_${attestation}`)}
    </span>
  );
}

/** What keeps a passkey, what becomes of it when that is lost, whether its make is proved, and when it was used. */
export function PasskeyFacts({ passkey, provider }: { passkey: Passkey; provider: string }) {
  return (
    <div className="entry__facts small">
      <p className="entry__line">
        {provider !== passkey.name && <span>{provider}</span>}
        <BackupBadge passkey={passkey} />
        <MakeBadge attestation={passkey.attestation} />
      </p>
      <p>{t(`account.${backupOf(passkey)}_means`)}</p>
      {dateWords(passkey).map((words) => (
        <p key={words}>{words}</p>
      ))}
    </div>
  );
}
