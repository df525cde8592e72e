import { settings } from "../settings.ts";
import { t } from "../t.ts";

/** What belongs together on paper or in a file: the codes, whose they are, and what they are for. */
export type CodeSheet = {
  readonly codes: readonly string[];
  readonly title: string;
  readonly owner: string;
  readonly use: string;
};

export const dayOf = (time: Date) => new Intl.DateTimeFormat("en", { dateStyle: "medium" }).format(time);

/** @param origin of the pages, where a code is used. */
export function codeSheet(codes: readonly string[], email: string, madeAt: Date, origin: string): CodeSheet {
  return {
    codes,
    title: t("recovery_codes.sheet_title", { name: settings().rpName }),
    owner: t("recovery_codes.sheet_for", { email, date: dayOf(madeAt) }),
    use: t("recovery_codes.sheet_use", { address: `${origin}/recover/recovery-code` }),
  };
}

/** The sheet as plain text; lines end as every system's editor takes them. */
export function sheetText({ codes, title, owner, use }: CodeSheet): string {
  return [title, owner, "", ...codes, "", use, ""].join("\r\n");
}

/** A file name of the service's name, such as `acme-inc-recovery-codes.txt`. */
export function sheetFileName(name = settings().rpName): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return `${[plain, "recovery-codes"].filter(Boolean).join("-")}.txt`;
}
