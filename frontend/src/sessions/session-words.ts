import type { ListedSession, SignInMethod } from "@passbridge/client";
import { browserWords } from "../account/browser-words.ts";
import { t } from "../t.ts";

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A time as it is shown in the list. */
export const momentWords = (time: string) => moment.format(new Date(time));

/** What a person calls the browser at the other end. */
export const deviceWords = (userAgent: string | null) => browserWords(userAgent) ?? t("sessions.unknown_browser");

/** How somebody signed in, by one way or two. */
export function waysWords(methods: readonly SignInMethod[]): string {
  const ways = methods
    .map((method) => t(`sessions.by_${method}`))
    .reduce((first, second) => t("sessions.by_both", { first, second }));
  return t("sessions.by", { ways });
}

/** Sessions of both kinds that this browser holds are one sign-in to the person; the others stay as they are. */
export function splitSessions(sessions: readonly ListedSession[]) {
  return {
    here: sessions.filter(({ current }) => current),
    elsewhere: sessions.filter(({ current }) => !current),
  };
}

/** The earliest of the times, which sort as text (RFC 3339 in UTC); null of none. */
export const earliest = (times: readonly string[]): string | null => times.toSorted().at(0) ?? null;
