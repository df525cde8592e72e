import { expect } from "vitest";
import type { Person } from "./people.ts";
import { heading } from "./steps.ts";

/** Rules of every kind, before those of the sample application. */
export const MORE_RULES = `
  - { name: confirmed, path: { prefix: /payments/confirmed }, require: verified }
  - { name: by-passkey, path: { prefix: /payments/by-passkey }, require: passkey }
  - { name: recent, path: { prefix: /payments/recent }, require: { fresh: 10s } }
  - { name: lately, path: { prefix: /payments/lately }, require: { fresh: 1h } }
  - { name: any, path: { prefix: /payments/any }, require: session }
  - { name: report, path: { exact: /payments/identity }, require: session }
  - { name: closed, path: { prefix: /payments/closed }, require: deny }
`;

export const DEEP = "/payments/42?from=mail&x=%2F";

const PAGES = {
  public: "/public/x?a=%2F",
  any: "/payments/any?a=%2F",
  confirmed: "/payments/confirmed?a=%2F",
  aal2: DEEP,
  passkey: "/payments/by-passkey?a=%2F",
  fresh: "/payments/lately?a=%2F",
  role: "/admin-area/x",
  closed: "/payments/closed",
} as const;

/** The heading of each page for who may see it, and of those nobody there may see. */
export const IN = { public: "Public notices", any: "Payments", confirmed: "Payments", fresh: "Payments" };
export const OUT = { closed: "This page is not open to you", role: "This page is not open to you" };
export const OFFER = "Sign in faster next time";
export const NEED = "This page needs your passkey";

/** Where somebody ends who opens each page and does nothing: at it, or at a page that says what to do. */
export async function expectEnds(person: Person, ends: Readonly<Record<keyof typeof PAGES, string>>): Promise<void> {
  for (const [what, end] of Object.entries(ends)) {
    let loads = 0;
    const count = () => {
      loads += 1;
    };
    person.page.on("framenavigated", count);
    await person.open(PAGES[what as keyof typeof PAGES]);
    await heading(person.page, end).waitFor();
    await person.page.waitForLoadState("networkidle");
    expect(await heading(person.page, end).count(), `${what} stays at: ${end}`).toBe(1);
    expect(loads, what).toBeLessThanOrEqual(2);
    person.page.off("framenavigated", count);
  }
}
