import { readUserAgent } from "./browser-words.ts";
import { MAIL_TEXTS } from "./mail-texts.ts";
import type { Notice } from "./notice.ts";

type Event = Notice["event"];
type TextKey = keyof typeof MAIL_TEXTS;

/** What a notice says, without its form. */
export type NoticeWords = {
  readonly subject: string;
  readonly lead: string;
  readonly list: readonly string[];
  /** Pairs of a label and what belongs to it. */
  readonly facts: readonly (readonly [string, string])[];
  /** What to do now, in sentences. */
  readonly advice: readonly string[];
};

/** Everything a notice's mail shows. */
export type NoticeLetter = NoticeWords & { readonly rpName: string; readonly link: string; readonly footer: string };

/** The words for a key, with `{name}` filled in. */
export function mailText(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return MAIL_TEXTS[key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;
/** What makes an address of letters: the dot before a domain, the colon of a scheme, the at sign. */
const LINK_SIGN = /[.:@](?=[\p{L}/])/gu;

/**
 * A name as somebody else may have chosen it, fit for a mail: on one line, in reading order, and with nothing in it that a
 * mail program would make a link of, since whoever adds a passkey could write to its owner that way.
 */
export function safeName(name: string): string {
  return name.replace(INVISIBLE, " ").replace(LINK_SIGN, "$& ").trim();
}

/** The text for a number of things, in the form that number needs. */
function counted(count: number, forms: { readonly none?: TextKey; readonly one: TextKey; readonly many: TextKey }) {
  if (count === 0 && forms.none) return forms.none;
  return count === 1 ? forms.one : forms.many;
}

function leadOf(event: Event, rp: string): string {
  switch (event.kind) {
    case "passkey_added":
    case "passkey_removed":
      return mailText(event.kind, { rp, passkey: safeName(event.passkeyName) });
    case "passkeys_reset": {
      const { count } = event;
      return mailText(counted(count, { one: "passkeys_reset_one", many: "passkeys_reset" }), { rp, count });
    }
    case "recovery_code_used": {
      const { remaining } = event;
      const forms = { none: "recovery_code_used_none", one: "recovery_code_used_one", many: event.kind } as const;
      return mailText(counted(remaining, forms), { rp, remaining });
    }
    case "recovery_codes_created":
    case "unproved_sign_in_removed":
      return mailText(event.kind, { rp });
  }
}

function listOf(event: Event): string[] {
  if (event.kind !== "unproved_sign_in_removed") return [];
  const passkeys = event.passkeyNames.map((name) => mailText("removed_passkey", { passkey: safeName(name) }));
  return event.password ? [...passkeys, mailText("removed_password")] : passkeys;
}

/** What somebody else did to the account can't have been its owner. */
function adviceOn({ kind }: Event): string[] {
  const byOthers = kind === "passkeys_reset" || kind === "unproved_sign_in_removed";
  return byOthers ? [mailText("not_expected_lead")] : [mailText("was_me"), mailText("not_me_lead")];
}

function browserWords(userAgent: string | null): string | null {
  const { browser, system } = readUserAgent(userAgent ?? "");
  if (browser && system) return mailText("browser_on_system", { browser, system });
  return browser ?? (system && mailText("some_browser", { system }));
}

function placeWords(place: Notice["place"]): string {
  const ip = place?.ip ? mailText("ip", { ip: place.ip }) : null;
  return [browserWords(place?.userAgent ?? null), ip].filter((part) => part !== null).join(", ");
}

const utc = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** A notice in words. @param now when it happened. */
export function noticeWords({ event, place }: Notice, rpName: string, now: Date): NoticeWords {
  const where = placeWords(place);
  const when = [mailText("when"), mailText("when_value", { time: utc.format(now) })] as const;
  return {
    subject: mailText(`${event.kind}_subject`),
    lead: leadOf(event, rpName),
    list: listOf(event),
    facts: where ? [when, [mailText("where"), where]] : [when],
    advice: adviceOn(event),
  };
}
