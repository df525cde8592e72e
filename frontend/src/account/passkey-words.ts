import type { Passkey } from "@passbridge/client";
import { t } from "../t.ts";

const KEY_TRANSPORTS = ["usb", "nfc"];

function kindOf(passkey: Passkey): string {
  const { provider, device_type: device, transports } = passkey;
  if (provider) return provider.name;
  const isKey = device === "single_device" && transports.some((transport) => KEY_TRANSPORTS.includes(transport));
  return t(isKey ? "account.security_key" : "account.passkey");
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

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** When it was created and last used. */
export function dateWords({ created_at, last_used_at }: Passkey): readonly string[] {
  const used = last_used_at
    ? t("account.last_used", { date: day.format(new Date(last_used_at)) })
    : t("account.never_used");
  return [t("account.created", { date: day.format(new Date(created_at)) }), used];
}

/** A name as it may be saved; null and why when it may not. */
export function checkName(text: string): { readonly name: string } | { readonly fault: string } {
  const name = text.trim();
  if (name === "") return { fault: t("field.required") };
  return name.length > 100 ? { fault: t("account.name_long") } : { name };
}
