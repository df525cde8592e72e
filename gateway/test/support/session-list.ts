import { expect } from "vitest";
import type { TestBrowser } from "./browser.ts";
import { type Answer, answerOf } from "./passkey-world.ts";

/** A session as GET /api/auth/sessions lists it. */
export type Listed = {
  readonly id: string;
  readonly kind: "passkey" | "password";
  readonly current: boolean;
  readonly auth_method: string;
  readonly aal: string;
  readonly user_agent: string | null;
  readonly ip: string | null;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
};

export const listSessions = (browser: TestBrowser): Promise<Answer> => answerOf(browser.fetch("/api/auth/sessions"));

/** The sessions of whoever is signed in. */
export async function listed(browser: TestBrowser): Promise<Listed[]> {
  const { status, body } = await listSessions(browser);
  expect(status).toBe(200);
  return body.sessions as Listed[];
}
