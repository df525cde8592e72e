import { expect } from "vitest";
import type { TestBrowser } from "./browser.ts";
import { answerOf, type PasskeyWorld } from "./passkey-world.ts";

/** Makes a set of codes for the signed-in person. */
export async function createCodes(browser: TestBrowser): Promise<string[]> {
  const { status, body } = await answerOf(browser.post("/api/recovery-codes"));
  expect(status).toBe(201);
  return body.codes as string[];
}

/** Somebody with codes, and the browser they are signed in with by password. */
export async function personWithCodes(world: PasskeyWorld) {
  const person = world.people.add();
  const browser = world.browser(person);
  return { person, browser, codes: await createCodes(browser) };
}

/** Tries to sign in with a code. */
export const redeem = (browser: TestBrowser, email: string, code: unknown) =>
  answerOf(browser.post("/api/auth/recovery-code", { email, code }));

/** How many codes the signed-in person has left. */
export const codesLeft = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/recovery-codes"))).body;
