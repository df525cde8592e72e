import { t } from "../t.ts";

/** Whether it can be an e-mail address at all; whether it is one only a mail shows. */
export function looksLikeEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/.test(value.trim());
}

/** What is wrong with a typed address, in words; null when nothing is. */
export function emailError(value: string): string | null {
  if (value.trim() === "") return t("field.required");
  return looksLikeEmail(value) ? null : t("field.email_invalid");
}
