import type { Passkey } from "@passbridge/client";
import { Notice } from "../components/notice.tsx";
import { t } from "../t.ts";
import { backupOf } from "./passkey-words.ts";

/** Advice where a lost device would cost the person their way in: nothing but one passkey, or a backup that is off. */
export function PasskeyAdvice({ passkeys }: { passkeys: readonly Passkey[] }) {
  const [only, ...more] = passkeys;
  const alone = only && more.length === 0 && only.device_type === "single_device";
  const unsynced = passkeys.filter((passkey) => backupOf(passkey) === "unsynced");
  return (
    <>
      {alone && <Notice tone="info">{t("account.advice_second")}</Notice>}
      {unsynced.map(({ id, name }) => (
        <Notice key={id} tone="warning">
          {t("account.advice_backup", { name })}
        </Notice>
      ))}
    </>
  );
}
