import type { RecoveryCodeState } from "@passbridge/client";
import { Notice } from "../components/notice.tsx";
import { t } from "../t.ts";
import { dayOf } from "./code-sheet.ts";

/** From here on it is said that they run out. */
const LOW = 3;

/** How many codes are left, in words; more than that where they run out. */
export function CodeState({ state: { remaining, created_at } }: { state: RecoveryCodeState }) {
  if (created_at === null) return <p>{t("recovery_codes.none")}</p>;
  const left = t("recovery_codes.left", { remaining, date: dayOf(new Date(created_at)) });
  if (remaining > LOW) return <p>{left}</p>;
  return (
    <>
      <p>{left}</p>
      <Notice tone="warning">{t(remaining === 0 ? "recovery_codes.used_up" : "recovery_codes.low")}</Notice>
    </>
  );
}
