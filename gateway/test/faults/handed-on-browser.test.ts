import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestBrowser } from "../support/browser.ts";
import { act } from "./fault-actions.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };

let world: FaultWorld;
beforeAll(async () => {
  world = await createFaultWorld();
});
afterAll(() => world.stop());

const isReady = async () => {
  const answers = await Promise.all(
    [world.browser(), world.browser()].map((browser) => browser.fetch("/health/ready")),
  );
  return answers.every(({ status }) => status === 200);
};

/** Whose session the browser has: an identity's id, or the status where that is not known. */
async function whoIs(browser: TestBrowser): Promise<string | number> {
  const answer = await browser.fetch("/api/auth/session");
  if (answer.status !== 200) return answer.status;
  const { identity } = (await answer.json()) as { identity?: { id: string } };
  return identity?.id ?? "nobody";
}

type Way = keyof FaultWorld["ways"];

/** While the first way is refused somebody else signs in; then it is back, and the second one is refused. */
async function handOn(browser: TestBrowser, [first, second]: readonly [Way, Way], signIn: () => Promise<string>) {
  world.ways[first].turn({ kind: "refuse" });
  expect(await signIn()).toBe("works");
  world.ways[first].heal();
  await expect.poll(isReady, PATIENCE).toBe(true);
  world.ways[second].turn({ kind: "refuse" });
  const during = await whoIs(browser);
  world.ways[second].heal();
  await expect.poll(isReady, PATIENCE).toBe(true);
  await expect.poll(() => whoIs(browser), PATIENCE).not.toBe(503);
  return { during, after: await whoIs(browser) };
}

describe("a browser in which somebody else signed in while the earlier session could not be asked for", () => {
  it("is never the earlier one's again: a passkey after a password", async () => {
    const { password, passkey } = world.accounts;
    const browser = await world.enter("password");
    expect(await whoIs(browser)).toBe(password.id);
    const seen = await handOn(browser, ["kratosPublic", "redis"], () => act("passkeySignIn", browser, passkey));
    expect(seen).toEqual({ during: 503, after: passkey.id });
  });

  it("is never the earlier one's again: a password after a passkey", async () => {
    const { password, passkey } = world.accounts;
    const browser = await world.enter("passkey");
    expect(await whoIs(browser)).toBe(passkey.id);
    const seen = await handOn(browser, ["redis", "kratosPublic"], () => act("passwordSignIn", browser, password));
    expect(seen).toEqual({ during: 503, after: password.id });
  });
});
