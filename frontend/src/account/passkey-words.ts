import type { Passkey } from "@passbridge/client";
import { t } from "../t.ts";
import { browserWords } from "./browser-words.ts";

const KEY_TRANSPORTS = ["usb", "nfc"];

/** Whether it lives on a key one plugs in or taps. */
export function isSecurityKey({ device_type: device, transports }: Passkey): boolean {
  return device === "single_device" && transports.some((transport) => KEY_TRANSPORTS.includes(transport));
}

function kindOf(passkey: Passkey): string {
  return passkey.provider?.name ?? t(isSecurityKey(passkey) ? "account.security_key" : "account.passkey");
}

/** What each passkey is kept in; several of a kind are told apart by a number, in the order they were created. */
export function providerWords(passkeys: readonly Passkey[]): ReadonlyMap<string, string> {
  const kinds = new Map<string, Passkey[]>();
  for (const passkey of passkeys.toSorted((a, b) => a.created_at.localeCompare(b.created_at))) {
    const kind = kindOf(passkey);
    kinds.set(kind, [...(kinds.get(kind) ?? []), passkey]);
  }
  return new Map(
    [...kinds].flatMap(([provider, ofKind]) =>
      ofKind.map(({ id }, index): [string, string] =>
        ofKind.length === 1 ? [id, provider] : [id, t("account.numbered", { provider, number: index + 1 })],
      ),
    ),
  );
}

/** What becomes of a passkey when its device is lost: it is synced, it could be but is not, or it is lost with it. */
export type Backup = "synced" | "unsynced" | "this_device" | "this_key";

export function backupOf(passkey: Passkey): Backup {
  if (passkey.device_type === "multi_device") return passkey.backed_up ? "synced" : "unsynced";
  return isSecurityKey(passkey) ? "this_key" : "this_device";
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

function lastUseWords({ last_used_at, last_used_from }: Passkey): string {
  if (!last_used_at) return t("account.never_used");
  const date = day.format(new Date(last_used_at));
  const browser = browserWords(last_used_from?.user_agent ?? null);
  const words = browser ? t("account.last_used_with", { date, browser }) : t("account.last_used", { date });
  return last_used_from?.ip ? t("account.last_used_from", { words, ip: last_used_from.ip }) : words;
}

/** When it was created, and when, with what browser and from where it was last used. */
export function dateWords(passkey: Passkey): readonly string[] {
  return [t("account.created", { date: day.format(new Date(passkey.created_at)) }), lastUseWords(passkey)];
}

/** A name as it may be saved; null and why when it may not. */
export function checkName(text: string): { readonly name: string } | { readonly fault: string } {
  const name = text.trim();
  if (name === "") return { fault: t("field.required") };
  return name.length > 100 ? { fault: t("account.name_long") } : { name };
}
