import type { SignInMethod } from "@passbridge/client";
import { t } from "../t.ts";
import { momentWords, waysWords } from "./session-words.ts";

export type SessionFactsProps = {
  readonly methods: readonly SignInMethod[];
  readonly ip: string | null;
  /** Null while it is not known. */
  readonly firstUsed: string | null;
  /** Null for the one in use. */
  readonly lastUsed: string | null;
};

/** How and from where somebody signed in, and when that was used first and last. */
export function SessionFacts({ methods, ip, firstUsed, lastUsed }: SessionFactsProps) {
  return (
    <div className="entry__facts small">
      <p>{waysWords(methods)}</p>
      {ip && <p>{t("sessions.from", { ip })}</p>}
      {firstUsed && <p>{t("sessions.first_used", { date: momentWords(firstUsed) })}</p>}
      <p>{lastUsed ? t("sessions.last_used", { date: momentWords(lastUsed) }) : t("sessions.in_use")}</p>
    </div>
  );
}
